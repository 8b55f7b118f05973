import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import {
  ADDRESSES_PER_TOKEN_MAX,
  API_DESCRIPTION_MAX_LENGTH,
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  EVENT_TARGET_ADDRESSES_MAX,
  EXPIRES_IN_MAX_SECONDS,
  FILTERED_ROLES_MAX,
  NOTE_MAX_LENGTH,
  PAGE_MAX,
  PAGE_SIZE_MAX,
  PERMISSION_DESCRIPTION_MAX_LENGTH,
  PERMISSIONS_PER_API_MAX,
  PERMISSIONS_PER_ROLE_MAX,
  REASON_MAX_LENGTH,
  ROLE_DESCRIPTION_MAX_LENGTH,
  ROLES_PER_USER_MAX,
  SEARCH_MAX_LENGTH,
  SECOND_FACTOR_NAME_MAX_LENGTH,
  TEMPLATE_DESCRIPTION_MAX_LENGTH,
  TOKEN_USES_MAX,
  WEBHOOK_URL_MAX_LENGTH,
} from '../limits.js';
import { API_NAME_MESSAGE, API_NAME_PATTERN } from '../lists/apis.js';
import { EVENT_TARGET_NAME_MESSAGE, EVENT_TYPES } from '../lists/events.js';
import { PERMISSION_MESSAGE, PERMISSION_PATTERN } from '../lists/permissions.js';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../lists/roles.js';
import { TEMPLATE_NAME_MESSAGE, TEMPLATE_NAME_PATTERN } from '../lists/tokens.js';
import { combine } from './combine.js';
import { IsDateTime } from './date-time.js';
import { isEmailAddress } from './email-address.js';
import { EMAIL_ADDRESS, LIST, NO_DUPLICATES, NOT_EMPTY, WHOLE_NUMBER } from './messages.js';
import { IsNetworks } from './is-networks.js';
import { IsOptionalNonNull, MutuallyExclusiveWith } from './presence.js';
import { policyOf } from './policy.js';
import { ParseInteger } from './query-parameters.js';
import { IsSingleLine } from './single-line.js';
import { canonicalUserName } from './user-name.js';

/** Accepts one line of text of at most this length. */
export const IsLine = (maxLength: number) => combine(IsString(), IsSingleLine(), MaxLength(maxLength));

/** Accepts one line of text of at most this length that is not empty. */
export const IsNonEmptyLine = (maxLength: number) =>
  combine(IsString(), IsSingleLine(), MinLength(1, NOT_EMPTY), MaxLength(maxLength));

export const IsDisplayName = () => IsNonEmptyLine(DISPLAY_NAME_MAX_LENGTH);

const EMAIL_RULE = {
  name: 'isEmail',
  validator: { validate: (value: unknown) => typeof value === 'string' && isEmailAddress(value) },
};

/** Accepts one plain e-mail address, to which the server can send. */
export const IsEmailAddress = () =>
  combine(IsString(), ValidateBy(EMAIL_RULE, EMAIL_ADDRESS), IsSingleLine(), MaxLength(EMAIL_MAX_LENGTH));

/** Accepts the name of a user, or an e-mail address. */
export const IsUserOrAddress = () =>
  combine(
    IsString(),
    ValidateBy({
      name: 'isUserOrAddress',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && (isEmailAddress(value) || canonicalUserName(value) !== null),
        defaultMessage: () => '$property must be the name of a user, or an e-mail address',
      },
    }),
    MaxLength(EMAIL_MAX_LENGTH),
  );

export const IsNote = () => IsLine(NOTE_MAX_LENGTH);

export const IsSecondFactorName = () => IsNonEmptyLine(SECOND_FACTOR_NAME_MAX_LENGTH);

/** Accepts the reason for a change, which the audit trail records. */
export const IsReason = () => combine(IsOptionalNonNull(), IsNonEmptyLine(REASON_MAX_LENGTH));

export const IsTemplateName = () =>
  combine(IsString(), Matches(TEMPLATE_NAME_PATTERN, { message: TEMPLATE_NAME_MESSAGE }));

export const IsTemplateDescription = () => IsNonEmptyLine(TEMPLATE_DESCRIPTION_MAX_LENGTH);

/** Accepts the name of an event target, which has the form of a template's name. */
export const IsEventTargetName = () =>
  combine(IsString(), Matches(TEMPLATE_NAME_PATTERN, { message: EVENT_TARGET_NAME_MESSAGE }));

/** Accepts different types of events. */
export const IsEventTypes = () =>
  combine(
    IsArray(LIST),
    ArrayMinSize(1, NOT_EMPTY),
    ArrayUnique(NO_DUPLICATES),
    IsIn(EVENT_TYPES, { each: true }),
  );

const EVENT_TYPE = `(${EVENT_TYPES.join('|').replaceAll('.', '\\.')})`;

/** Accepts types of events that are separated by commas. */
export const IsEventTypeFilter = () =>
  combine(
    IsString(),
    Matches(new RegExp(`^${EVENT_TYPE}(,${EVENT_TYPE}){0,${EVENT_TYPES.length - 1}}$`), {
      message: `$property must list types of events, separated by commas, such as ${EVENT_TYPES.slice(0, 2).join(',')}`,
    }),
  );

/** Accepts a list of e-mail addresses. */
export const IsEmailAddresses = () =>
  combine(
    IsArray(LIST),
    ArrayMaxSize(EVENT_TARGET_ADDRESSES_MAX),
    ArrayUnique(NO_DUPLICATES),
    IsString({ each: true }),
    ValidateBy(EMAIL_RULE, { each: true, message: 'each value in $property must be an e-mail address' }),
    MaxLength(EMAIL_MAX_LENGTH, { each: true }),
  );

/** Accepts the URL of a webhook. The server also checks its host. */
export const IsWebhookUrl = () => IsNonEmptyLine(WEBHOOK_URL_MAX_LENGTH);

export const IsSearchText = () => IsLine(SEARCH_MAX_LENGTH);

export const IsApiName = () => combine(IsString(), Matches(API_NAME_PATTERN, { message: API_NAME_MESSAGE }));

export const IsApiDescription = () => IsNonEmptyLine(API_DESCRIPTION_MAX_LENGTH);

/** Accepts a list of permissions of an API with unique names. */
export const IsApiPermissions = () =>
  combine(
    IsArray(LIST),
    ArrayMaxSize(PERMISSIONS_PER_API_MAX),
    // `ValidateNested` accepts lists of lists.
    IsObject({
      each: true,
      message:
        'each value in $property must be an object, such as {"name": "stock:read", "description": "Read stock."}',
    }),
    ArrayUnique((permission: { name?: unknown } | null) => permission?.name, NO_DUPLICATES),
  );

export const IsPermission = () =>
  combine(IsString(), Matches(PERMISSION_PATTERN, { message: PERMISSION_MESSAGE }));

export const IsPermissionDescription = () => IsNonEmptyLine(PERMISSION_DESCRIPTION_MAX_LENGTH);

export const IsRoleName = () =>
  combine(IsString(), Matches(ROLE_NAME_PATTERN, { message: ROLE_NAME_MESSAGE }));

const ROLE_NAME = ROLE_NAME_PATTERN.source.slice(1, -1);

/** Accepts role names that are separated by commas. */
export const IsRoleFilter = () =>
  combine(
    IsString(),
    Matches(new RegExp(`^${ROLE_NAME}(,${ROLE_NAME}){0,${FILTERED_ROLES_MAX - 1}}$`), {
      message: `$property must list up to ${FILTERED_ROLES_MAX} role names, separated by commas`,
    }),
  );

export const IsRoleDescription = () => IsNonEmptyLine(ROLE_DESCRIPTION_MAX_LENGTH);

export const IsRoleNames = () =>
  combine(
    IsArray(LIST),
    ArrayMaxSize(ROLES_PER_USER_MAX),
    ArrayUnique(NO_DUPLICATES),
    Matches(ROLE_NAME_PATTERN, { each: true, message: ROLE_NAME_MESSAGE }),
  );

export const IsPermissions = () =>
  combine(
    IsArray(LIST),
    ArrayMaxSize(PERMISSIONS_PER_ROLE_MAX),
    ArrayUnique(NO_DUPLICATES),
    Matches(PERMISSION_PATTERN, { each: true, message: PERMISSION_MESSAGE }),
  );

/** Accepts a list of addresses and networks. */
export const IsAllowedAddresses = () =>
  combine(
    IsArray(LIST),
    ArrayMinSize(1, NOT_EMPTY),
    ArrayMaxSize(ADDRESSES_PER_TOKEN_MAX),
    ArrayUnique(NO_DUPLICATES),
    IsNetworks(),
  );

/** Accepts a maximum number of uses. */
export const IsMaxUses = () => combine(IsInt(WHOLE_NUMBER), Min(1), Max(TOKEN_USES_MAX));

/** Accepts the version of a resource, for optimistic locking. */
export const IsVersion = () => combine(IsInt(WHOLE_NUMBER), Min(0));

/** Rejects `null`, meaning no expiry, unless the policy of the server allows it. */
export const HasExpiry = () =>
  ValidateBy(
    { name: 'noExpiry', validator: { validate: (value: unknown) => value !== null } },
    {
      message:
        'this server requires an expiry; send a time, or set LATCHKEY_API_TOKEN_NO_EXPIRY to true for API tokens',
    },
  );

/** Accepts the expiry of a token, or `null` if the policy of the server allows tokens without one. */
export const IsExpirationTime = () =>
  combine(
    ValidateIf(
      (dto: object, value: unknown) =>
        value !== undefined && (value !== null || !policyOf(dto).apiTokens.noExpiry),
    ),
    HasExpiry(),
    IsDateTime(),
  );

/** Accepts the lifetime of a token in seconds. */
export const IsLifetime = () => combine(IsInt(WHOLE_NUMBER), Min(1), Max(EXPIRES_IN_MAX_SECONDS));

/** Accepts a number of seconds until an expiry, instead of the time. */
export const IsExpiresIn = () =>
  combine(IsOptionalNonNull(), MutuallyExclusiveWith('expirationTime'), IsLifetime());

/** Accepts a number of days from 1 to 100 years. */
export const IsDayCount = () => combine(IsInt(WHOLE_NUMBER), Min(1), Max(36_500));

/** Parses and accepts the `page` parameter. */
export const IsPageNumber = () => combine(ParseInteger(), IsInt(WHOLE_NUMBER), Min(1), Max(PAGE_MAX));

/** Parses and accepts the `size` parameter. */
export const IsPageSize = () => combine(ParseInteger(), IsInt(WHOLE_NUMBER), Min(1), Max(PAGE_SIZE_MAX));
