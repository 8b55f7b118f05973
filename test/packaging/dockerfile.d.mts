/** A stage of a Dockerfile: its name, its steps in order, and the commands that run it. */
export interface Stage {
  name: string;
  from: string;
  workdir: string;
  steps: { keyword: 'COPY' | 'RUN'; text: string; source?: string }[];
  env: Record<string, string>;
  cmd: string[];
  healthcheck: string[];
}

/** Parses the instructions that our Dockerfile uses, and throws for any other. */
export function readDockerfile(text: string): Stage[];
