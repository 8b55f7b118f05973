import { beforeAll, describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { AllowedMethods } from './allowed-methods.js';

const allowed = new AllowedMethods();

beforeAll(async () => {
  const instance = fastify();
  allowed.collectFrom(instance);
  const answer = () => ({});
  instance.get('/users', answer);
  instance.post('/users', answer);
  instance.get('/users/:name', answer);
  instance.patch('/users/:name', answer);
  instance.delete('/tokens/:id', answer);
  instance.get('/admin/*', answer);
  instance.options('*', answer);
  await instance.ready();
});

describe('AllowedMethods.of', () => {
  it.each([
    ['/users', ['GET', 'HEAD', 'POST']],
    ['/users/anne', ['GET', 'HEAD', 'PATCH']],
    ['/users/%C3%A4nne', ['GET', 'HEAD', 'PATCH']],
    ['/tokens/1', ['DELETE']],
    ['/admin/any/depth', ['GET', 'HEAD']],
    ['/', []],
    ['/tokens', []],
    ['/users/', ['GET', 'HEAD', 'PATCH']],
    ['/nothing', []],
    ['/users/%', []],
    ['', []],
  ])('returns the methods of %j', (path, methods) => {
    expect(allowed.of(path)).toEqual(methods);
  });
});

describe('AllowedMethods.routes', () => {
  it('lists all routes except that of preflight requests', () => {
    expect(allowed.routes()).toEqual([
      'DELETE /tokens/:id',
      'GET /admin/*',
      'GET /users',
      'GET /users/:name',
      'HEAD /admin/*',
      'HEAD /users',
      'HEAD /users/:name',
      'PATCH /users/:name',
      'POST /users',
    ]);
  });
});
