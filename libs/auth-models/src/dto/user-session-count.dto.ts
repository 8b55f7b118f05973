import { IsInt, IsString } from 'class-validator';

/** A user with strikingly many sessions: a program, most likely, that logs in for each request. */
export class UserSessionCountDto {
  /** Canonical name. */
  @IsString()
  name: string;

  /** Live sessions. */
  @IsInt()
  sessions: number;
}
