import { expect } from '@jest/globals';
import fc from 'fast-check';
import { tokenHeader, type Headers } from '../../support/api-client.js';
import { type Model, type ModelSecret, type ModelToken, type ModelUser } from './model.js';
import { type Real } from './real.js';

/** Something that is done to the server and to the model of it. */
export type Command = fc.AsyncCommand<Model, Real>;

/** What is done, on both. */
type Act<Of> = (of: Of, model: Model, real: Real) => Promise<void>;

/** Whether something is on: mostly, or what is done would find little that works. */
export const MOSTLY = fc.constantFrom(true, true, false);

/** An instant as the API writes it. */
export const written = (time: number) => new Date(time).toISOString();

/** The header field that presents a secret. */
export const presented = ({ user, text }: { user: string; text: string }): Headers =>
  tokenHeader({ user, token: text });

/** Something that is done to neither a user nor a token. */
export function command(name: string, act: (model: Model, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      await act(model, real);
      await expectStandings(model, real);
    },
    toString: () => name,
  };
}

/** Something that is done to one of the users. */
export const onUser = (name: string, act: Act<ModelUser>) => onOneOf(name, (model) => model.users, act);

/** Something that is done to one of the tokens, whether it lives or not. */
export const onToken = (name: string, act: Act<ModelToken>) => onOneOf(name, (model) => model.tokens, act);

/** Something that is done with one of all the secrets there ever were. */
export const withSecret = (name: string, act: Act<ModelSecret>) =>
  onOneOf(name, (model) => model.secrets, act);

function onOneOf<Of>(
  name: string,
  all: (model: Model) => readonly Of[],
  act: Act<Of>,
): fc.Arbitrary<Command> {
  return fc.nat(11).map((number) => ({
    ...command(`${name} #${number}`, (model, real) => {
      const candidates = all(model);
      return act(candidates[number % candidates.length]!, model, real);
    }),
    check: (model: Readonly<Model>) => all(model).length > 0,
  }));
}

/** Compares what every secret there ever was is answered, with when it ends, to what the model says. */
async function expectStandings(model: Model, { client }: Real): Promise<void> {
  model.looks += 1;
  const { secrets } = model;
  const answers = await Promise.all(
    secrets.map(async ({ text, user }, index) => {
      // By either header in turn: each is remembered by itself.
      const isBearer = (index + model.looks) % 2 === 0;
      const headers = isBearer ? { Authorization: `Bearer ${text}` } : presented({ user, text });
      const answer = await client.verify(headers, '?role=auditor');
      return [answer.status, answer.headers.get('x-auth-token-expires')];
    }),
  );

  expect(answers).toEqual(
    secrets.map((secret) =>
      model.isGood(secret)
        ? [secret.token?.owner.isAuditor ? 200 : 403, written(model.endOf(secret))]
        : [401, null],
    ),
  );
}
