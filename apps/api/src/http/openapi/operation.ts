import { UNCOUNTED_EXTENSION } from '../../common/request/policy.js';
import { REPRESENTATION_EXTENSION } from '../negotiation/route-representation.js';
import { type Schema } from './schemas/complete-schemas.js';

/** Parts of an OpenAPI response that are completed. */
export interface Response {
  description?: string;
  headers?: Record<string, object>;
  content?: Record<string, { schema?: Schema }>;
}

/** Parts of an OpenAPI operation that are completed. */
export interface Operation {
  responses: Record<string, Response | undefined>;
  security?: Record<string, string[]>[];
  operationId?: string;
  requestBody?: { required?: boolean; content: Record<string, { schema?: Schema }> };
  parameters?: { in: string; name: string; description?: string; schema?: Schema }[];
  [UNCOUNTED_EXTENSION]?: boolean;
  [REPRESENTATION_EXTENSION]?: {
    isBodyless: boolean;
    isFixedType: boolean;
    isOAuth: boolean;
    alsoAs: string[];
  };
}
