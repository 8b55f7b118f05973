import { IsArray, IsBoolean, IsInt, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Nested } from '../../validation/nested.js';

/** A server process. */
export class ReplicaDto {
  /** Id of the process. */
  @IsString()
  id: string;

  /** Host name and process id. */
  @IsString()
  name: string;

  /** Version of Latchkey. */
  @IsString()
  version: string;

  /**
   * Address and port of its HTTP server. If it listens on all addresses, the first one of the machine. Absent
   * until it listens.
   */
  @IsOptional()
  @IsString()
  address?: string;

  /** Time of its start, RFC 3339. */
  @IsISO8601()
  startTime: string;

  /**
   * Milliseconds until it receives the revocations of other replicas. Absent on SQLite, and before the first
   * measurement.
   */
  @IsOptional()
  @IsInt()
  lag?: number;

  /** Number of verifiers that receive revocations from it. */
  @IsInt()
  verifiers: number;
}

/** A verifier: an application that answers from memory, and receives revocations. */
export class VerifierDto {
  /** Id that it created when it started. */
  @IsString()
  id: string;

  /** Its name. */
  @IsString()
  name: string;

  /** Its version. */
  @IsOptional()
  @IsString()
  version?: string;

  /** Name of the user whose token it presents. Absent if the user was deleted. */
  @IsOptional()
  @IsString()
  user?: string;

  /** Its address. */
  @IsString()
  address: string;

  /** Whether it has reported within the last 30 seconds. */
  @IsBoolean()
  active: boolean;

  /** Time of its first report, RFC 3339. */
  @IsISO8601()
  startTime: string;

  /** Time of its last report, RFC 3339. */
  @IsISO8601()
  lastReportTime: string;

  /** Milliseconds between the time of the last heartbeat and its arrival. */
  @IsOptional()
  @IsInt()
  lag?: number;

  /** Number of answers from memory since its start. */
  @IsInt()
  local: number;

  /** Number of requests to the server since its start. */
  @IsInt()
  asked: number;
}

/** The server processes, and the verifiers that have reported within the last day. */
export class VerifierListDto {
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => ReplicaDto)
  replicas: ReplicaDto[];

  /** Verifiers by their last report, newest first; at most 1000. */
  @IsArray()
  @ValidateNested({ each: true })
  @Nested(() => VerifierDto)
  verifiers: VerifierDto[];

  /** Number of all verifiers. */
  @IsInt()
  total: number;
}
