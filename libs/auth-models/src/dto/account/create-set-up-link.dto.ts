import { SendDto } from '../common/send.dto.js';

/** New set-up link. The body is optional. */
export class CreateSetUpLinkDto extends SendDto {}
