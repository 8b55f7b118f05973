import { CreateUserDto, IsOptionalNonNull } from '@latchkey/auth-models';
import { OmitType } from '@nestjs/swagger';
import { IsPasswordHash } from '../../../platform/crypto/is-password-hash.decorator.js';

/** User from another system, with a password hash instead of a password. */
export class ImportedUser extends OmitType(CreateUserDto, ['password'] as const) {
  /** Hash from the other system, replaced at the first login. Absent = the user cannot log in yet. */
  @IsOptionalNonNull()
  @IsPasswordHash()
  passwordHash?: string;
}
