/** A stage of a Dockerfile: what it is called, its steps in order, and how it is run. */
export interface Stage {
  name: string;
  from: string;
  workdir: string;
  steps: { keyword: 'COPY' | 'RUN'; text: string; source?: string }[];
  env: Record<string, string>;
  cmd: string[];
  healthcheck: string[];
}

/** Reads the few instructions that ours has, and throws at any other. */
export function readDockerfile(text: string): Stage[];
