import { type OpenAPIObject } from '@nestjs/swagger';
import { JSON_REPRESENTATION, REPRESENTATIONS } from './representations.js';

/** The parts of an OpenAPI operation that are completed. */
interface Operation {
  responses: Record<string, { description?: string; content?: Record<string, object> } | undefined>;
}

const PROBLEM = {
  description: 'A problem (RFC 9457); `code` says which, from the closed list of auth-models.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDto' } } },
};

/** Adds what is true of every operation: answers in each representation, and problems. */
export function completeApiDocument(document: OpenAPIObject): OpenAPIObject {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
  for (const { responses } of operations) {
    for (const response of Object.values(responses)) {
      const json = response?.content?.[JSON_REPRESENTATION.mediaType];
      if (response?.content && json) {
        REPRESENTATIONS.forEach(
          ({ mediaType }) => (response.content = { ...response.content, [mediaType]: json }),
        );
      }
    }
    responses.default ??= PROBLEM;
  }
  return document;
}
