/** Fields for `sort` in `GET /users`. */
export const USER_SORT_FIELDS = [
  'name',
  'displayName',
  'email',
  'kind',
  'enabled',
  'creationTime',
  'lastLoginTime',
  'tokenCount',
] as const;

/** One of {@link USER_SORT_FIELDS}. */
export type UserSortField = (typeof USER_SORT_FIELDS)[number];

/** Fields for `sort` in lists of tokens. */
export const TOKEN_SORT_FIELDS = [
  'user',
  'note',
  'kind',
  'enabled',
  'state',
  'creationTime',
  'expirationTime',
  'lastUsageTime',
] as const;

/** One of {@link TOKEN_SORT_FIELDS}. */
export type TokenSortField = (typeof TOKEN_SORT_FIELDS)[number];

/** Fields for `sort` in `GET /roles`. */
export const ROLE_SORT_FIELDS = ['name', 'description', 'isBuiltIn', 'userCount', 'creationTime'] as const;

/** One of {@link ROLE_SORT_FIELDS}. */
export type RoleSortField = (typeof ROLE_SORT_FIELDS)[number];

/** Fields for `sort` in `GET /apis`. */
export const API_SORT_FIELDS = ['name', 'description', 'isBuiltIn', 'tokenCount', 'creationTime'] as const;

/** One of {@link API_SORT_FIELDS}. */
export type ApiSortField = (typeof API_SORT_FIELDS)[number];

/** Fields for `sort` in `GET /token-templates`. */
export const TOKEN_TEMPLATE_SORT_FIELDS = ['name', 'description', 'expiresIn', 'creationTime'] as const;

/** One of {@link TOKEN_TEMPLATE_SORT_FIELDS}. */
export type TokenTemplateSortField = (typeof TOKEN_TEMPLATE_SORT_FIELDS)[number];

/** Fields for `sort` in `GET /event-targets`. */
export const EVENT_TARGET_SORT_FIELDS = ['name', 'kind', 'creationTime'] as const;

/** One of {@link EVENT_TARGET_SORT_FIELDS}. */
export type EventTargetSortField = (typeof EVENT_TARGET_SORT_FIELDS)[number];

/** Fields for `sort` in lists of offers. */
export const OFFER_SORT_FIELDS = [
  'user',
  'createdBy',
  'template',
  'note',
  'creationTime',
  'expirationTime',
] as const;

/** One of {@link OFFER_SORT_FIELDS}. */
export type OfferSortField = (typeof OFFER_SORT_FIELDS)[number];
