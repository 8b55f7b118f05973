import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { PROBE_URL_MAX_LENGTH } from '../../limits.js';
import { PROBE_CHECKS, PROBE_RESULTS, type ProbeCheck, type ProbeResult } from '../../lists/enums.js';
import { IsPermission } from '../../validation/members.js';
import { Nested } from '../../validation/nested.js';

/** Form of the URL of a probe: no user, fragment, space or backslash. */
export const PROBE_URL_PATTERN =
  /^https?:\/\/(?:[a-z0-9.-]+|\[::1\])(?::[1-9]\d{0,4})?(?:[/?](?:(?![#\\])[!-~])*)?$/;

/** Test of a protected API. */
export class ProbeApiDto {
  /** URL of the protected API. Its host is `127.0.0.1`, `[::1]`, `localhost`, or one of `LATCHKEY_PROBE_HOSTS`. */
  @IsString()
  @MaxLength(PROBE_URL_MAX_LENGTH)
  @Matches(PROBE_URL_PATTERN, {
    message: '$property must be a URL such as http://127.0.0.1:8080/, in lower case up to the path',
  })
  url: string;

  /** Permission of the API that the URL requires for `GET`. */
  @IsPermission()
  permission: string;
}

/** One request of a probe. */
export class ProbeCheckDto {
  /** Token that the server sent: none, one with the permission, or one without it. */
  @IsString()
  @IsIn(PROBE_CHECKS)
  check: ProbeCheck;

  /** Description of the expected status. */
  @IsString()
  expected: string;

  /** Status of the response. Absent if there was none. */
  @IsOptional()
  @IsInt()
  status?: number;

  /** Whether the API behaved as expected. */
  @IsBoolean()
  passed: boolean;

  /** The result as a code. */
  @IsString()
  @IsIn(PROBE_RESULTS)
  result: ProbeResult;

  /** Explanation of a check that did not pass, and what to do. */
  @IsOptional()
  @IsString()
  hint?: string;
}

/** Result of a probe. */
export class ProbeDto {
  /** The requests in the order in which the server sent them. */
  @ValidateNested({ each: true })
  @Nested(() => ProbeCheckDto)
  checks: ProbeCheckDto[];
}
