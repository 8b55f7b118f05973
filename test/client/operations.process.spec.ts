import { readFileSync } from 'node:fs';
import * as models from '@latchkey/auth-models';
import * as validator from 'class-validator';
import { Operations } from '@latchkey/client';
import { generateOperations, queryClasses } from '../../libs/client/generate-operations.mjs';
import { useApiDocument } from '../support/use-api-document.js';
import { OPERATION_IDS } from '../routes.js';

const FILE = 'libs/client/src/operations/operations.ts';
const api = useApiDocument();

it('matches the OpenAPI document. If it does not, run node libs/client/generate-operations.mjs', async () => {
  const text = await generateOperations(api.document, queryClasses(models, validator));

  expect(text).toBe(readFileSync(FILE, 'utf8'));
});

it('has a method for every operation', () => {
  const names = Object.getOwnPropertyNames(Operations.prototype);

  // Only the verifier reads the revocation feed, which does not end.
  const ids = OPERATION_IDS.map((entry) => entry.split(':')[0]).filter((id) => id !== 'followRevocations');
  expect(names).toEqual(expect.arrayContaining(ids));
});
