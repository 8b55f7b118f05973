import { expect, it, jest } from '@jest/globals';
import { type Database } from '../database/database.js';
import { type AffectedUsers } from '../database/affected-users.js';
import { type Writes } from '../database/writes.service.js';
import { type Logger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.service.js';
import { RevocationListener } from './revocation-listener.service.js';

it('RevocationListener publishes commits that affect users, and no others', () => {
  let commit: (affected: AffectedUsers, notified: AffectedUsers) => void = () => undefined;
  const writes = { onEnd: (listener: typeof commit) => void (commit = listener) } as Writes;
  const listener = new RevocationListener({} as Database, writes, {} as Logger, new Metrics());
  const subscriber = jest.fn();
  listener.subscribe(subscriber);

  commit('none', 'none');
  commit(['anne'], 'none');
  commit('all', 'all');

  expect(subscriber.mock.calls).toEqual([
    [['anne'], 'none'],
    ['all', 'all'],
  ]);
});
