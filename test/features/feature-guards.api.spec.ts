import { expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { createTestDatabase } from '../support/test-database.js';
import { TestServer } from '../support/test-server.js';

@Module({ providers: [{ provide: APP_GUARD, useValue: { canActivate: () => true } }] })
class GuardingModule {}

@Module({ imports: [GuardingModule] })
class OuterModule {}

it.each([GuardingModule, OuterModule])(
  'a start fails for a global guard of a feature module, which cached verifications would skip: %p',
  async (feature) => {
    const database = await createTestDatabase();

    const start = TestServer.start({ features: [feature], database });

    await expect(start).rejects.toThrow(
      'GuardingModule registers a global guard (APP_GUARD), which verifications of cached tokens would skip.',
    );
    await database.drop();
  },
);
