/**
 * A stage of a Dockerfile: its name, its steps in order, and the commands that run it.
 *
 * @typedef {{ name: string, from: string, workdir: string, steps: { keyword: 'COPY' | 'RUN', text: string, source?: string }[],
 *   env: Record<string, string>, cmd: string[], healthcheck: string[] }} Stage
 */

/** Instructions that affect neither files nor processes. */
const IGNORED = ['EXPOSE', 'USER', 'VOLUME'];

/**
 * Parses the instructions that our Dockerfile uses. Each is on one line; CMD and HEALTHCHECK are JSON.
 *
 * @param {string} text
 * @returns {Stage[]}
 * @throws {Error} for any other instruction.
 */
export function readDockerfile(text) {
  /** @type {Stage[]} */
  const stages = [];
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, keyword = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (keyword === 'FROM') {
      const [, from = '', name = 'final'] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ name, from, workdir: '/', steps: [], env: {}, cmd: [], healthcheck: [] });
    } else if (stage === undefined) {
      throw new Error(`Before the first stage: ${line}`);
    } else {
      readInstruction(stage, keyword, rest, line);
    }
  }
  return stages;
}

function readInstruction(stage, keyword, rest, line) {
  switch (keyword) {
    case 'WORKDIR':
      stage.workdir = rest;
      break;
    case 'COPY': {
      const [, source, text] = /^(?:--from=(\S+) )?(.*)$/.exec(rest);
      stage.steps.push({ keyword, text, source });
      break;
    }
    case 'RUN':
      stage.steps.push({ keyword, text: rest });
      break;
    case 'ENV': {
      const [name, value] = rest.split(/=(.*)/s);
      stage.env[name] = value;
      break;
    }
    case 'CMD':
      stage.cmd = JSON.parse(rest);
      break;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('CMD ') + 'CMD '.length));
      break;
    default:
      if (!IGNORED.includes(keyword)) {
        throw new Error(`Unknown instruction: ${line}`);
      }
  }
}
