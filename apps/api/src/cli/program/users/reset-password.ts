import { type SetUpLinkDto, type UserDto } from '@latchkey/auth-models';
import { type Command } from 'commander';
import { userPath } from '../../client/operator-client.js';
import { describeLink } from '../format.js';
import { issueTo, outOption } from '../secret-file.js';
import { languageOption, type LinkOptions, noteSendError, sendOption, whereIs } from '../send-link.js';
import { type Shell } from '../shell.js';

export function addResetPassword(program: Command, shell: Shell): void {
  program
    .command('reset-password <name>')
    .summary('create a link to choose a new password')
    .description(
      'Prints a link for a user to choose a new password. The link works once, within 24 hours. The old password works until the link is used. Using it revokes all tokens of the user.',
    )
    .addOption(outOption('the link'))
    .addOption(sendOption())
    .addOption(languageOption())
    .action(async (given: string, { out, send, language }: LinkOptions) => {
      const issue = () =>
        shell.withClient(async (client) => {
          const path = userPath(given);
          const { name, enabled } = await client.get<UserDto>(path);
          return {
            name,
            enabled,
            ...(await client.post<SetUpLinkDto>(`${path}/set-up-link`, { send, language })),
          };
        });
      const { issued, file } = await issueTo(out, issue, ({ link }) => link);
      const { link, ...user } = issued;
      const reset = { ...user, ...whereIs(link, issued, file) };
      shell.output.result(reset, () => `User: ${reset.name}. ${describeLink(reset)}`);
      noteSendError(issued, shell);
      if (!reset.enabled) {
        shell.output.note(
          `The user ${reset.name} is disabled. The link works after an administrator has enabled the user.`,
        );
      }
    });
}
