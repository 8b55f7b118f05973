import { CreateUserDto, IsOptionalNonNull } from '@latchkey/auth-models';
import { OmitType } from '@nestjs/swagger';
import { IsPasswordHash } from '../../../platform/crypto/is-password-hash.decorator.js';

/** A user of another system, with what that keeps of their password. It has no password in clear. */
export class ImportedUser extends OmitType(CreateUserDto, ['password'] as const) {
  /** As the other system made it; the first log-in replaces it. Absent = they cannot log in yet. */
  @IsOptionalNonNull()
  @IsPasswordHash()
  passwordHash?: string;
}
