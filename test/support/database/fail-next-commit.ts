import { jest } from '@jest/globals';
import { type QueryRunner } from 'typeorm';

/** Makes the next commit of a connection fail. */
export function failNextCommit(runner: QueryRunner, error: Error): void {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  const spy = jest.spyOn(runner, 'query').mockImplementation((...args: unknown[]) => {
    if (args[0] !== 'COMMIT') {
      return query(...args);
    }
    spy.mockRestore();
    return Promise.reject(error);
  });
}
