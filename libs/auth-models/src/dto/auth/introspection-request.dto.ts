import { IsIn, IsIP, MaxLength } from 'class-validator';
import { AGENT_MAX_LENGTH, METHOD_MAX_LENGTH, ROUTE_MAX_LENGTH } from '../../limits.js';
import { IsApiName, IsLine, IsNonEmptyLine } from '../../validation/members.js';
import { IsOptionalNonNull } from '../../validation/presence.js';
import { TokenRequestDto } from './token-request.dto.js';

/** Length of the longest IPv6 address, with an embedded IPv4 address. */
const ADDRESS_MAX_LENGTH = 45;

/** Token introspection request (RFC 7662, section 2.1). */
export class IntrospectionRequestDto extends TokenRequestDto {
  /** API whose permissions the response contains. By default it contains those of all APIs. */
  @IsOptionalNonNull()
  @IsApiName()
  api?: string;

  /**
   * Address of the client that presented the token. A token that is limited to addresses is inactive unless
   * this is one of them.
   */
  @IsOptionalNonNull()
  @IsIP()
  @MaxLength(ADDRESS_MAX_LENGTH)
  address?: string;

  /** User agent of the client. Usage and alarms show it instead of the name of the caller. */
  @IsOptionalNonNull()
  @IsLine(AGENT_MAX_LENGTH)
  agent?: string;

  /** HTTP method of the client's request. The explanation of a rejection shows it. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(METHOD_MAX_LENGTH)
  method?: string;

  /** Route of the client's request. The explanation of a rejection shows it. */
  @IsOptionalNonNull()
  @IsNonEmptyLine(ROUTE_MAX_LENGTH)
  route?: string;

  /** Whether the response for an invalid token names the reason. */
  @IsOptionalNonNull()
  @IsIn(['true', 'false'])
  explain?: 'true' | 'false';
}
