import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { TOKEN_STATES, type TokenState } from '../../lists/enums.js';
import { ERROR_CODES, type ErrorCode } from '../../texts/en.js';
import {
  EXPLANATION_STEPS,
  REJECTION_CAUSES,
  REMEDIES,
  STEP_RESULTS,
  type ExplanationStep,
  type RejectionCause,
  type RemedyKind,
  type StepResult,
} from '../../lists/explanations.js';
import { Nested } from '../../validation/nested.js';

/** One check of a rejected request. */
export class ExplanationStepDto {
  /** The check. */
  @IsIn(EXPLANATION_STEPS)
  step: ExplanationStep;

  /** Its result. */
  @IsIn(STEP_RESULTS)
  result: StepResult;

  /** Reason for the failure. */
  @IsOptional()
  @IsString()
  detail?: string;
}

/** Remedy for a rejection. */
export class RemedyDto {
  /** Kind of the remedy. */
  @IsIn(REMEDIES)
  kind: RemedyKind;

  /** The remedy as a sentence. */
  @IsString()
  detail: string;
}

/** Token of a rejected request. */
export class ExplainedTokenDto {
  /** Id of the token. */
  @IsString()
  id: string;

  /** Prefix and last four characters of the token. Absent if the token was deleted. */
  @IsOptional()
  @IsString()
  tokenPreview?: string;

  /** Note of the token. */
  @IsOptional()
  @IsString()
  note?: string;

  /** State of the token now. Absent if the token was deleted. */
  @IsOptional()
  @IsIn(TOKEN_STATES)
  state?: TokenState;
}

/** Explanation of a rejected request. */
export class ExplanationDto {
  /** Id of the request: `traceId` of the problem, and `X-Request-Id` of the response. */
  @IsString()
  traceId: string;

  /** Time of the request, RFC 3339. */
  @IsISO8601()
  time: string;

  /** HTTP method of the request. Absent if a service rejected it, and did not report the method. */
  @IsOptional()
  @IsString()
  method?: string;

  /** Route of the request. Absent if a service rejected it, and did not report the route. */
  @IsOptional()
  @IsString()
  route?: string;

  /** HTTP status of the response. */
  @IsInt()
  status: number;

  /** Error code of the response. */
  @IsIn(Object.keys(ERROR_CODES))
  code: ErrorCode;

  /** Cause of the rejection. It can be more specific than the error code. */
  @IsIn(REJECTION_CAUSES)
  cause: RejectionCause;

  /** Address of the client. */
  @IsString()
  address: string;

  /** `User-Agent` of the client. */
  @IsOptional()
  @IsString()
  agent?: string;

  /** Name of the service that asked about the token, or of the verifier that rejected the request. */
  @IsOptional()
  @IsString()
  service?: string;

  /**
   * Canonical name of the user to whom the token or account belongs. Absent if the credentials match no user.
   */
  @IsOptional()
  @IsString()
  user?: string;

  /** Token that the secret matches. */
  @IsOptional()
  @IsObject()
  token?: ExplainedTokenDto;

  /**
   * Prefix and last four characters of the presented secret, if it is well formed. After a rotation, the
   * superseded one differs from the token's.
   */
  @IsOptional()
  @IsString()
  presentedPreview?: string;

  /** Missing permissions. */
  @IsOptional()
  @IsString({ each: true })
  missingPermissions?: string[];

  /** Missing roles. */
  @IsOptional()
  @IsString({ each: true })
  missingRoles?: string[];

  /** All checks of the request, in order. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => ExplanationStepDto)
  steps: ExplanationStepDto[];

  /** Remedy, based on the current state of the token and its user. */
  @IsObject()
  remedy: RemedyDto;
}

/** The latest rejections, newest first. */
export class ExplanationListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => ExplanationDto)
  items: ExplanationDto[];
}
