import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsIP,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  AGENT_MAX_LENGTH,
  METHOD_MAX_LENGTH,
  REPORTED_PERMISSIONS_MAX,
  REPORTED_USES_MAX,
  ROUTE_MAX_LENGTH,
  VERIFIER_NAME_MAX_LENGTH,
  VERIFIER_VERSION_MAX_LENGTH,
} from '../../limits.js';
import { type RejectionCause } from '../../lists/explanations.js';
import { PERMISSION_MESSAGE, PERMISSION_PATTERN } from '../../lists/permissions.js';
import { ROLE_NAME_MESSAGE, ROLE_NAME_PATTERN } from '../../lists/roles.js';
import { IsLine, IsNonEmptyLine } from '../../validation/members.js';
import { LIST, WHOLE_NUMBER } from '../../validation/messages.js';
import { Nested } from '../../validation/nested.js';
import { IsOptionalNonNull } from '../../validation/presence.js';

const COUNT_MAX = 1_000_000_000;
const DIGEST_PATTERN = /^[A-Za-z0-9_-]{43}$/;
const DIGEST_MESSAGE = '$property must be a SHA-256 in base64url: 43 letters, digits, hyphens or underscores';
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._:+=/-]{1,64}$/;
const REQUEST_ID_MESSAGE = '$property must be 1 to 64 letters, digits or . _ : + = / -';
const REPORTED_CAUSES = [
  'no_credentials',
  'malformed_credentials',
  'ambiguous_credentials',
  'missing_permission',
  'step_up_required',
  'invalid_query',
] as const satisfies readonly RejectionCause[];
const REPORTED_REJECTIONS_MAX = 100;
const REPORTED_MISSING_MAX = 20;
const DETAIL_MAX_LENGTH = 200;
/** Length of the longest IPv6 address, with an embedded IPv4 address. */
const ADDRESS_MAX_LENGTH = 45;

/** Uses of a token from one address. */
export class ReportedUseDto {
  /** Id of the token: `jti` of the introspection. */
  @IsUUID()
  token: string;

  /**
   * SHA-256 of the secret that was used, in base64url without padding. The server ignores uses whose digest
   * is not that of the token.
   */
  @Matches(DIGEST_PATTERN, { message: DIGEST_MESSAGE })
  digest: string;

  /** Number of uses that the verifier answered from memory. The server counts all others itself. */
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(COUNT_MAX)
  count: number;

  /** Milliseconds since the last use. */
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(86_400_000)
  ago: number;

  /** Address of the client. */
  @IsOptionalNonNull()
  @IsIP()
  @MaxLength(ADDRESS_MAX_LENGTH)
  address?: string;

  /** User agent of the last use. */
  @IsOptionalNonNull()
  @IsLine(AGENT_MAX_LENGTH)
  agent?: string;

  /**
   * Permissions that the verifier required and the token has, even if the verifier asked the server. The
   * server ignores permissions outside the scope of the token.
   */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(REPORTED_PERMISSIONS_MAX)
  @IsString({ each: true })
  permissions?: string[];
}

/** Request that a verifier rejected without asking the server. */
export class ReportedRejectionDto {
  /** Id of the request, which `GET /explanations/{traceId}` takes. */
  @Matches(REQUEST_ID_PATTERN, { message: REQUEST_ID_MESSAGE })
  traceId: string;

  /** Cause of the rejection. */
  @IsIn(REPORTED_CAUSES)
  cause: (typeof REPORTED_CAUSES)[number];

  /** Milliseconds since the request. */
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(86_400_000)
  ago: number;

  /** Id of the token, if the verifier knows it. */
  @IsOptionalNonNull()
  @IsUUID()
  token?: string;

  /**
   * SHA-256 of the secret that was used, in base64url without padding. The server ignores `token` without it.
   */
  @IsOptionalNonNull()
  @Matches(DIGEST_PATTERN, { message: DIGEST_MESSAGE })
  digest?: string;

  /** Address of the client. */
  @IsOptionalNonNull()
  @IsIP()
  @MaxLength(ADDRESS_MAX_LENGTH)
  address?: string;

  /** User agent of the client. */
  @IsOptionalNonNull()
  @IsLine(AGENT_MAX_LENGTH)
  agent?: string;

  /** HTTP method of the request. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(METHOD_MAX_LENGTH)
  method?: string;

  /** Route of the request, or its path if the verifier does not know the route. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(ROUTE_MAX_LENGTH)
  route?: string;

  /** Problem of the query, or the missing proof. Only for `invalid_query` and `step_up_required`. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(DETAIL_MAX_LENGTH)
  detail?: string;

  /** Missing permissions. */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(REPORTED_MISSING_MAX)
  @Matches(PERMISSION_PATTERN, { each: true, message: PERMISSION_MESSAGE })
  missingPermissions?: string[];

  /** Missing roles. */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(REPORTED_MISSING_MAX)
  @Matches(ROLE_NAME_PATTERN, { each: true, message: ROLE_NAME_MESSAGE })
  missingRoles?: string[];
}

/** Report of a verifier: what it has answered since its last report. */
export class VerifierReportDto {
  /** Id of the verifier. */
  @IsUUID()
  verifier: string;

  /**
   * 1 for the first report of the verifier, then 2 and so on. A report that is sent again has the same
   * number, and is counted once.
   */
  @IsInt(WHOLE_NUMBER)
  @Min(1)
  @Max(COUNT_MAX)
  number: number;

  /** Name of the verifier. */
  @IsNonEmptyLine(VERIFIER_NAME_MAX_LENGTH)
  name: string;

  /** Version of the verifier. */
  @IsOptionalNonNull()
  @IsLine(VERIFIER_VERSION_MAX_LENGTH)
  version?: string;

  /** Number of answers from memory since the last report. */
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(COUNT_MAX)
  local: number;

  /** Number of requests to the server since the last report. */
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(COUNT_MAX)
  asked: number;

  /** Milliseconds between the time of the last heartbeat and its arrival. */
  @IsOptionalNonNull()
  @IsInt(WHOLE_NUMBER)
  @Min(0)
  @Max(86_400_000)
  lag?: number;

  /** Uses of tokens that were answered from memory. */
  @IsArray(LIST)
  @ArrayMaxSize(REPORTED_USES_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Nested(() => ReportedUseDto)
  uses: ReportedUseDto[];

  /** Requests that the verifier rejected without asking the server, for their explanation. */
  @IsOptionalNonNull()
  @IsArray(LIST)
  @ArrayMaxSize(REPORTED_REJECTIONS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Nested(() => ReportedRejectionDto)
  rejections?: ReportedRejectionDto[];
}

/** Response to a report. */
export class VerifierReportedDto {
  /** Id of the server process. */
  @IsUUID()
  process: string;

  /** Time on the monotonic clock of that process, in milliseconds. */
  @IsInt()
  time: number;

  /**
   * Number of ignored uses: those whose digest is not that of the token, those after its rotation or end, and
   * those of canaries.
   */
  @IsInt()
  ignored: number;
}
