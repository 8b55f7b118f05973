import { Option, type Command } from 'commander';
import { type CreateUserDto, type SetUpLinkDto, type UserDto } from '@latchkey/auth-models';
import { USER_KINDS, type UserKind } from '@latchkey/auth-models/lists';
import { LATCHKEY } from '../../../common/program-name.js';
import { userPath, type OperatorClient } from '../../client/operator-client.js';
import { readSecret } from '../files.js';
import { describeLink } from '../format.js';
import { readWord, RepeatableOption } from '../option-values.js';
import { issueTo, outOption } from '../secret-file.js';
import { languageOption, type LinkOptions, noteSendError, sendOption, whereIs } from '../send-link.js';
import { type Shell } from '../shell.js';

interface PasswordOptions extends LinkOptions {
  passwordFile?: string;
}

interface Options extends PasswordOptions {
  displayName?: string;
  email?: string;
  kind?: UserKind;
  responsible?: string;
  role?: string[];
}

/** User, with a link to choose a password if the user needs one. */
type CreatedUser = UserDto & Partial<SetUpLinkDto>;

export function addCreateUser(program: Command, shell: Shell): void {
  const command = program
    .command('create-user <name>')
    .summary('create a user')
    .description(
      'Creates a user, and prints a link to choose a password. The link works once, within 24 hours. Services have no password, and get no link.',
    )
    .option('--display-name <text>', 'name to display')
    .option('--email <address>', 'e-mail address')
    .option('--kind <kind>', `${USER_KINDS.join(' or ')}, by default human`, readWord(USER_KINDS))
    .option('--responsible <person>', 'user or address that gets the e-mail about a service')
    .addOption(new RepeatableOption('--role <name>', 'role of the user, by default user'))
    .action(async (name: string, { displayName, email, kind, responsible, role, ...access }: Options) => {
      if (kind === 'service' && (access.out ?? access.passwordFile ?? access.send) !== undefined) {
        command.error('error: a service has no password, so --password-file, --out and --send do not apply');
      }
      await createUser(shell, { name, displayName, email, kind, responsible, roles: role }, access, 'user');
    });
  addPasswordOptions(command);
}

export function addCreateAdmin(program: Command, shell: Shell): void {
  const command = program
    .command('create-admin <name>')
    .summary('create an administrator')
    .description(
      'Creates an administrator, and prints a link to choose a password. The link works once, within 24 hours.',
    )
    .action((name: string, password: PasswordOptions) =>
      createUser(shell, { name, roles: ['admin'] }, password, 'administrator'),
    );
  addPasswordOptions(command);
}

function addPasswordOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--password-file <file>',
        'set the password in this file instead of printing a link; - reads standard input',
      ).conflicts(['out', 'send']),
    )
    .addOption(outOption('the link'))
    .addOption(sendOption())
    .addOption(languageOption());
}

async function createUser(
  shell: Shell,
  dto: CreateUserDto,
  { passwordFile, out, ...sending }: PasswordOptions,
  noun: string,
): Promise<void> {
  const password =
    passwordFile === undefined ? undefined : await readSecret(passwordFile, shell.process.stdin);
  const { issued, file } = await issueTo(
    out,
    () => shell.withClient((client) => postUser(client, { ...dto, password }, sending)),
    ({ link = '' }) => link,
  );
  const { link, ...user } = issued;
  const created = { ...user, ...whereIs(link, issued, file) };
  shell.output.result(created, () => `Created the ${noun} ${user.name}${describeAccess(created, password)}`);
  noteSendError(issued, shell);
}

async function postUser(
  client: OperatorClient,
  dto: CreateUserDto,
  { send, language }: LinkOptions,
): Promise<CreatedUser> {
  const user = await client.post<UserDto>('/users', dto);
  return user.kind === 'service' || dto.password !== undefined
    ? user
    : {
        ...user,
        ...(await client.post<SetUpLinkDto>(`${userPath(user.name)}/set-up-link`, { send, language })),
      };
}

function describeAccess(
  { name, expirationTime, ...access }: Partial<SetUpLinkDto> & { name: string; file?: string },
  password: string | undefined,
): string {
  if (expirationTime !== undefined) {
    return `. ${describeLink({ ...access, expirationTime })}`;
  }
  return password === undefined
    ? `. Create a token for it:  ${LATCHKEY} create-token --user ${name}`
    : ', with the given password.';
}
