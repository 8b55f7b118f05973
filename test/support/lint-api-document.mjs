import { createConfig, lintFromString } from '@redocly/openapi-core';

/** Returns the violations of Redocly's recommended rules in an OpenAPI document. */
export async function lintApiDocument(document) {
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: 'openapi.json',
    config: await createConfig({ extends: ['recommended-strict'] }),
  });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer})`);
}
