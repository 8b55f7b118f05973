import { actorLink, actorName } from './audit-actor';

const user = { id: '0197a0b1', name: 'anne' };
const server = { id: 'server', name: 'the server' };
const commandLine = { id: 'command-line', name: 'command line (alice)' };

describe('actorName', () => {
  it('is in the language of the person for the server alone', () => {
    expect([user, server, commandLine].map((actor) => actorName(actor, 'Der Server'))).toEqual([
      'anne',
      'Der Server',
      'command line (alice)',
    ]);
  });
});

describe('actorLink', () => {
  it('leads to users, and nowhere for the server and the command line', () => {
    expect([user, server, commandLine].map(actorLink)).toEqual([['/users', 'anne'], null, null]);
  });
});
