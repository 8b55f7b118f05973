/**
 * Lengths, counts and durations that the server enforces. Lengths are in code points unless the comment names
 * another unit.
 */

/** Maximum length of a user name. */
export const USER_NAME_MAX_LENGTH = 64;

/** Maximum length of a display name. */
export const DISPLAY_NAME_MAX_LENGTH = 200;

/** Maximum characters of an e-mail address (RFC 5321, section 4.5.3.1.3, without the brackets). */
export const EMAIL_MAX_LENGTH = 254;

/**
 * Default minimum length of a password (NIST SP 800-63B-4, section 3.1.1.2). A server can be configured to
 * require another.
 */
export const PASSWORD_DEFAULT_MIN_LENGTH = 15;

/** Shortest minimum length of a password that a server can be configured to require. */
export const PASSWORD_ABSOLUTE_MIN_LENGTH = 8;

/** Maximum length of a password. */
export const PASSWORD_MAX_LENGTH = 256;

/** Maximum size of a password in bytes of UTF-8. Longer ones are rejected before they are hashed. */
export const PASSWORD_MAX_BYTES = 1024;

/** Maximum number of second factors of a user. */
export const SECOND_FACTORS_MAX = 10;

/** Maximum characters of a second factor's name. */
export const SECOND_FACTOR_NAME_MAX_LENGTH = 64;

/** Maximum characters of the id of a token. */
export const TOKEN_ID_MAX_LENGTH = 64;

/** Maximum characters of a token's note. */
export const NOTE_MAX_LENGTH = 200;

/** Maximum characters of the reason for a change, a request or a decision. */
export const REASON_MAX_LENGTH = 200;

/** Maximum characters of a role's name. */
export const ROLE_NAME_MAX_LENGTH = 64;

/** Maximum characters of a role's description. */
export const ROLE_DESCRIPTION_MAX_LENGTH = 200;

/** Maximum number of roles of a user. */
export const ROLES_PER_USER_MAX = 50;

/** Maximum number of roles in a filter. */
export const FILTERED_ROLES_MAX = 20;

/** Maximum number of permissions of a role or a token. */
export const PERMISSIONS_PER_ROLE_MAX = 200;

/** Maximum number of APIs. */
export const APIS_MAX = 1000;

/** Maximum number of permissions of an API. */
export const PERMISSIONS_PER_API_MAX = 64;

/** Maximum bytes of `X-Auth-Permissions`, and so of all permissions of an API, separated by spaces. */
export const PERMISSIONS_HEADER_MAX = 4096;

/** Maximum number of role names in the usage of a permission. */
export const USAGE_ROLES_MAX = 100;

/** Maximum characters of an API's description. */
export const API_DESCRIPTION_MAX_LENGTH = 200;

/** Maximum characters of a permission's description. */
export const PERMISSION_DESCRIPTION_MAX_LENGTH = 200;

/** Maximum characters of a search text (`q`). */
export const SEARCH_MAX_LENGTH = 200;

/** Maximum number of fields in `sort`. */
export const SORT_FIELDS_MAX = 3;

/** Default number of items on a page. */
export const PAGE_SIZE_DEFAULT = 25;

/** Maximum number of items on a page. */
export const PAGE_SIZE_MAX = 200;

/** Highest page number. Use filters to shorten a longer list. */
export const PAGE_MAX = 1_000_000;

/** Maximum number of ids in a bulk request. A filter may match any number of items. */
export const BULK_IDS_MAX = 1000;

/** Maximum number of users in a request that imports users. */
export const IMPORTED_USERS_MAX = 50;

/** Maximum characters of an id in a bulk request. No spelling of a user name is longer. */
export const BULK_ID_MAX_LENGTH = 256;

/** Number of items in the sample of a dry run. */
export const BULK_SAMPLE_SIZE = 10;

/** Maximum number of addresses and networks that a token is limited to. */
export const ADDRESSES_PER_TOKEN_MAX = 32;

/** Maximum number of addresses of a token that services have reported. */
export const REPORTED_ADDRESSES_PER_TOKEN_MAX = 256;

/** Minimum age, in days, of tokens with unused permissions in lists. */
export const UNUSED_PERMISSION_DAYS = 30;

/** Number of days for which the server returns the addresses of a token. */
export const TOKEN_ADDRESS_DAYS = 30;

/** Maximum number of uses of a token with a limit on them. */
export const TOKEN_USES_MAX = 1_000_000_000;

/** Maximum number of uses of a token in one window of its rate limit. */
export const RATE_LIMIT_MAX = 1_000_000;

/** Maximum length of the window of a rate limit in seconds (one day). */
export const RATE_WINDOW_MAX_SECONDS = 86_400;

/** Maximum size of a token's metadata in bytes of UTF-8, as JSON. */
export const METADATA_MAX_BYTES = 2048;

/** Maximum characters of `X-Auth-Metadata`, which escapes all characters outside ASCII. */
export const METADATA_HEADER_MAX = 3072;

/** Maximum nesting of a token's metadata. */
export const METADATA_DEPTH_MAX = 5;

/** Maximum `expiresIn` in seconds (100 years). The server reduces it to its maximum lifetime. */
export const EXPIRES_IN_MAX_SECONDS = 3_155_760_000;

/** Maximum grace period of a rotated secret in seconds (7 days). */
export const GRACE_PERIOD_MAX_SECONDS = 604_800;

/** Number of days before its expiry when a token becomes `expiring`. */
export const EXPIRING_DAYS = 14;

/**
 * Days until the server deletes daily usage, and revoked or expired tokens. It deletes expired sessions
 * earlier.
 */
export const TOKEN_RETENTION_DAYS = 90;

/** Number of live sessions above which `GET /stats` lists a user. */
export const MANY_SESSIONS_THRESHOLD = 1000;

/** Maximum number of users whom `GET /stats` lists for their many sessions. */
export const MANY_SESSIONS_USERS_MAX = 20;

/** Days, including today, whose logins `GET /stats` returns. */
export const LOGIN_STATS_DAYS = 30;

/** Maximum number of errors in a problem. */
export const PROBLEM_ERRORS_MAX = 20;

/** Maximum characters of a name or id that filters audit events. */
export const AUDIT_FILTER_MAX_LENGTH = 256;

/** Maximum characters of a verifier's name. */
export const VERIFIER_NAME_MAX_LENGTH = 64;

/** Maximum characters of a verifier's version. */
export const VERIFIER_VERSION_MAX_LENGTH = 32;

/**
 * Maximum age of the data from which verifiers and replicas answer, in milliseconds. So a revocation is in
 * effect everywhere this long after its commit.
 */
export const LEASE_MILLISECONDS = 2_000;

/** Shortest lease that a verifier can choose. */
export const LEASE_MIN_MILLISECONDS = 500;

/** Maximum number of uses in a report of a verifier. */
export const REPORTED_USES_MAX = 500;

/** Maximum number of permissions in a reported use. */
export const REPORTED_PERMISSIONS_MAX = 50;

/** Maximum characters of a reported user agent. */
export const AGENT_MAX_LENGTH = 200;

/** Maximum characters of a method that a verifier reports. */
export const METHOD_MAX_LENGTH = 20;

/** Maximum characters of a route that a verifier reports. */
export const ROUTE_MAX_LENGTH = 200;

/** Maximum number of tokens in a leak report. */
export const LEAKED_TOKENS_MAX = 1_000;

/** Maximum characters of a reported text that may be a token. */
export const LEAKED_TEXT_MAX_LENGTH = 256;

/** Maximum characters of the source of a leak report. */
export const LEAK_SOURCE_MAX_LENGTH = 100;

/** Maximum characters of the URL in a leak report. */
export const LEAK_URL_MAX_LENGTH = 2_048;

/** Maximum number of token templates. */
export const TOKEN_TEMPLATES_MAX = 100;

/** Maximum characters of a token template's description. */
export const TEMPLATE_DESCRIPTION_MAX_LENGTH = 200;

/** Maximum number of open offers that a user has requested. */
export const OPEN_REQUESTS_PER_USER_MAX = 5;

/** Days during which a request can be approved. */
export const REQUEST_DAYS = 30;

/** Hours during which an approved offer, or a claim link, can be claimed. */
export const CLAIM_HOURS = 24;

/** Maximum number of open claim links for tokens of a user. */
export const CLAIM_LINKS_PER_USER_MAX = 20;

/** Maximum number of open claim links that a user has created. */
export const CLAIM_LINKS_PER_ISSUER_MAX = 200;

/** Maximum number of event targets. */
export const EVENT_TARGETS_MAX = 1_000;

/** Maximum number of addresses of an event target. */
export const EVENT_TARGET_ADDRESSES_MAX = 20;

/** Maximum characters of the URL of a webhook. */
export const WEBHOOK_URL_MAX_LENGTH = 2_048;

/** Maximum number of waiting deliveries of an event target. Beyond it, the server disables the target. */
export const WAITING_DELIVERIES_MAX = 10_000;

/** Days after which the server deletes deliveries that it no longer attempts. */
export const DELIVERY_RETENTION_DAYS = 30;

/** Hours for which the old secret of a webhook also signs after a rotation. */
export const WEBHOOK_SECRET_GRACE_HOURS = 24;
