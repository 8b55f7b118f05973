import { actorLink, actorName } from './audit-actor';

const user = { id: '0197a0b1', name: 'anne' };
const server = { id: 'server', name: 'the server' };
const commandLine = { id: 'command-line', name: 'command line (alice)' };

describe('actorName', () => {
  it('translates only the name of the server', () => {
    expect([user, server, commandLine].map((actor) => actorName(actor, 'Der Server'))).toEqual([
      'anne',
      'Der Server',
      'command line (alice)',
    ]);
  });
});

describe('actorLink', () => {
  it('links to users, but not to the server or the command line', () => {
    expect([user, server, commandLine].map(actorLink)).toEqual([['/users', 'anne'], null, null]);
  });
});
