import { applyDecorators } from '@nestjs/common';
import { ApiConsumes, ApiSecurity } from '@nestjs/swagger';
import { AllowSuperseded, OAuthClients, Uncounted } from '../../common/request/policy.js';
import { formBody } from '../../http/bodies/body-format.js';
import { RepresentedAs } from '../../http/negotiation/route-representation.js';
import { ApiToken } from '../../http/openapi/api-decorators.js';

/** Members of every form. */
const MEMBERS = ['token', 'token_type_hint', 'client_id', 'client_secret'];

/**
 * Marks an endpoint of OAuth: it takes a form, accepts the client authentication of OAuth besides a token in
 * a header, and has errors in the form of RFC 6749, section 5.2.
 *
 * @param members further members of the form.
 */
export const OAuthEndpoint = (...members: string[]): MethodDecorator =>
  applyDecorators(
    OAuthClients(),
    AllowSuperseded(),
    Uncounted(),
    RepresentedAs({ isFixedType: true, isOAuth: true, bodyAs: formBody([...MEMBERS, ...members]) }),
    ApiToken(),
    ApiSecurity('client'),
    ApiConsumes('application/x-www-form-urlencoded'),
  );
