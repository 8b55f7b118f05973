/** Length and size limits; the server and every form quote these same constants. */

/** Letters a user name may have, counted as code points. */
export const USER_NAME_MAX_LENGTH = 64;

/** Code points in a display name. */
export const DISPLAY_NAME_MAX_LENGTH = 200;

/** Characters in an e-mail address (RFC 5321, section 4.5.3.1.3, less the brackets). */
export const EMAIL_MAX_LENGTH = 254;

/** The password length that a server asks for unless it is configured otherwise (NIST SP 800-63B-4, section 3.1.1.2). */
export const PASSWORD_DEFAULT_MIN_LENGTH = 15;

/** The password length that no configuration goes below. */
export const PASSWORD_ABSOLUTE_MIN_LENGTH = 8;

/** Code points in a password. */
export const PASSWORD_MAX_LENGTH = 256;

/** Bytes of UTF-8 in a password; more is refused before hashing. */
export const PASSWORD_MAX_BYTES = 1024;

/** Characters in a token's note. */
export const NOTE_MAX_LENGTH = 200;

/** Roles one user may hold. */
export const ROLES_PER_USER_MAX = 50;

/** Characters in a role's name. */
export const ROLE_NAME_MAX_LENGTH = 64;

/** Characters in a search text (`q`). */
export const SEARCH_MAX_LENGTH = 200;

/** Fields that one list is sorted by. */
export const SORT_FIELDS_MAX = 3;

/** Items on a page unless `size` says otherwise. */
export const PAGE_SIZE_DEFAULT = 25;

/** Most items on a page. */
export const PAGE_SIZE_MAX = 200;

/** Highest page number; a list is narrowed with filters before it is that long. */
export const PAGE_MAX = 1_000_000;

/** Characters in a role's description. */
export const ROLE_DESCRIPTION_MAX_LENGTH = 200;

/** Permissions one role may list. */
export const PERMISSIONS_PER_ROLE_MAX = 200;

/** Items that one bulk request may name by id; a filter may match any number. */
export const BULK_IDS_MAX = 1000;

/** Characters in one of those ids; more than any spelling of a name has. */
export const BULK_ID_MAX_LENGTH = 256;

/** Items that a dry run shows of what it would do. */
export const BULK_SAMPLE_SIZE = 10;

/** Longest time in seconds that a rotated secret goes on working. */
export const GRACE_PERIOD_MAX_SECONDS = 604_800;

/** Live sessions of one user above which `/stats` shows them. */
export const MANY_SESSIONS_THRESHOLD = 1000;

/** Most users whom `/stats` shows for their many sessions. */
export const MANY_SESSIONS_USERS_MAX = 20;

/** Days, today among them, whose log-ins `/stats` tells. */
export const LOGIN_STATS_DAYS = 30;

/** Days before its end from which on a token counts as `expiring`. */
export const EXPIRING_DAYS = 14;

/** Days for which an ended token is kept, unless it is a session that ran out, and its use per day is told. */
export const TOKEN_RETENTION_DAYS = 90;

/** Errors that one problem lists. */
export const PROBLEM_ERRORS_MAX = 20;

/** Characters in a name or id that the audit trail is searched for. */
export const AUDIT_FILTER_MAX_LENGTH = 256;
