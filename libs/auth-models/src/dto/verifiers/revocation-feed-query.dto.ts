import { IsInt, IsUUID, Max, Min } from 'class-validator';
import {
  FRESH_DEFAULT_MILLISECONDS,
  FRESH_MAX_MILLISECONDS,
  FRESH_MIN_MILLISECONDS,
  VERIFIER_NAME_MAX_LENGTH,
  VERIFIER_VERSION_MAX_LENGTH,
} from '../../limits.js';
import { IsLine, IsNonEmptyLine } from '../../validation/members.js';
import { WHOLE_NUMBER } from '../../validation/messages.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { ParseInteger } from '../../validation/query-parameters.js';

/** Query parameters of `GET /auth/revocations`. */
export class RevocationFeedQueryDto {
  /** Id of the verifier: a UUID that it creates when it starts. */
  @IsUUID()
  verifier: string;

  /** Name of the verifier for administrators, such as that of its application. */
  @IsNonEmptyLine(VERIFIER_NAME_MAX_LENGTH)
  name: string;

  /** Version of the verifier for administrators. */
  @IsOptionalNonNull()
  @IsLine(VERIFIER_VERSION_MAX_LENGTH)
  version?: string;

  /** Milliseconds after a heartbeat during which the verifier answers from memory. By default 2000. */
  @IsOptionalNonNull()
  @ParseInteger()
  @IsInt(WHOLE_NUMBER)
  @Min(FRESH_MIN_MILLISECONDS)
  @Max(FRESH_MAX_MILLISECONDS)
  freshFor?: number = FRESH_DEFAULT_MILLISECONDS;
}
