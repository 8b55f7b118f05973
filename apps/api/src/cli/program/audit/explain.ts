import { type ExplanationDto } from '@latchkey/auth-models';
import { type Command } from 'commander';
import { type Config } from '../../../platform/config/config.js';
import { isServerListening } from '../../client/running-server.js';
import { CommandError } from '../../command-error.js';
import { printable } from '../output.js';
import { type Shell } from '../shell.js';

const NOT_RUNNING =
  'The server is not running. Explanations are in its memory, so those from before it stopped are lost. Start it, send the request again, and explain the new response.';

export function addExplain(program: Command, shell: Shell): void {
  program
    .command('explain <trace-id>')
    .summary('explain why a request was rejected')
    .description(
      'Explains a request that was rejected with 401, 403 or 429: its checks, the one that failed, and what to do. The id is X-Request-Id of the response, or traceId in its body. You can also pass the whole error as JSON. Servers keep the latest rejections of each token for 24 hours, or until they restart.',
    )
    .action(async (text: string) => {
      const path = `/explanations/${encodeURIComponent(traceIdIn(text))}`;
      try {
        const explanation = await shell.withClient((client) => client.get<ExplanationDto>(path));
        shell.output.result(explanation, describe);
      } catch (error) {
        throw await withReason(error, shell.config);
      }
    });
}

/**
 * Returns the error of a command, or its reason: without a server, the application in this process knows no
 * rejections.
 */
async function withReason(error: unknown, { database }: Config): Promise<unknown> {
  const isUnknown = error instanceof CommandError && error.failure.code === 'not_found';
  return isUnknown && database.kind === 'sqlite' && !(await isServerListening(database.file))
    ? new CommandError({ code: 'not_found', message: NOT_RUNNING })
    : error;
}

/** Returns the trace id from a text: the id itself, a whole error, or a header line. */
function traceIdIn(text: string): string {
  return /(?:"?traceId"?|X-Request-Id)\s*[:=]\s*"?([^\s",}]+)/i.exec(text)?.[1] ?? text.trim();
}

function describe(explanation: ExplanationDto): string {
  const { method, route, status, code, time, address, agent, service } = explanation;
  const client = [`from ${address}`, ...(agent === undefined ? [] : [`with ${agent}`])].join(' ');
  const asked = service === undefined ? '' : ` (service ${service})`;
  return [
    `${time}: ${method === undefined ? 'a request' : `${method} ${route}`} ${client}${asked} was rejected with ${status} ${code}.`,
    ...describeCredentials(explanation),
    '',
    ...explanation.steps.map(
      ({ step, result, detail }) =>
        `  ${result.padEnd('skipped'.length)}  ${step}${detail === undefined ? '' : `: ${detail}`}`,
    ),
    '',
    explanation.remedy.detail,
  ]
    .map(printable)
    .join('\n');
}

function describeCredentials({ user, token, presentedPreview }: ExplanationDto): string[] {
  const preview = token?.tokenPreview ?? presentedPreview;
  return [
    ...(user === undefined ? [] : [`User:   ${user}`]),
    ...(preview === undefined && token === undefined
      ? []
      : [`Token:  ${[preview, token?.id, token?.note, token?.state].filter(Boolean).join(', ')}`]),
  ];
}
