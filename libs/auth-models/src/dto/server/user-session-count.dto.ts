import { IsInt, IsString } from 'class-validator';

/** User with an unusual number of sessions. The usual cause is a program that logs in for each request. */
export class UserSessionCountDto {
  /** Canonical name of the user. */
  @IsString()
  name: string;

  /** Number of live sessions. */
  @IsInt()
  sessions: number;
}
