import { type AuditAction, type AuditSubjectKind } from '@latchkey/auth-models';

/**
 * Route of a feature module, for all tests that cover every route. See `docs/contributing/add-a-feature.md`.
 */
export interface FeatureRoute {
  /** Operation id: `listReports` for `list` of `ReportsController`. */
  operationId: string;
  /** Required permissions. */
  permissions: string[];
  /** Request that succeeds. */
  request: { path: string; body?: unknown };
  /** Audit entry of a route that changes something. */
  audit?: { action: AuditAction; subject: { kind: AuditSubjectKind; name: string } };
}

/** Routes of the feature modules by method and path, such as `GET /reports/{id}`. */
export const FEATURE_ROUTES: Record<string, FeatureRoute> = {};

/** Returns a value for each of these routes, by route. */
export function ofFeatureRoutes<T>(valueOf: (route: FeatureRoute) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(FEATURE_ROUTES).map(([name, route]) => [name, valueOf(route)]));
}
