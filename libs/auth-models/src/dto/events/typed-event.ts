import { type EventType } from '../../lists/events.js';
import { type EventDataDto, type EventDto } from './event.dto.js';

/** Members of `data` that all events of a type have, besides those that any event can have. */
interface DataMembers {
  'token.expiring': 'tokens' | 'days';
  'token.created': 'tokens';
  'token.rotated': 'tokens';
  'token.revoked': never;
  'token.leaked': 'tokens';
  'token.canary_used': 'tokens';
  'token.old_secret_used': 'tokens';
  'verifier.token_expiring': 'tokens' | 'days';
  'user.disabled': 'users';
  'login.new_network': 'users';
  'offer.waiting': 'offer';
  'audit.check_failed': never;
  'backup.overdue': 'lastBackup';
}

/** Event of one type, with the members of its `data`. */
export type EventOfType<Type extends EventType> = EventDto & {
  type: Type;
  data: Required<Pick<EventDataDto, DataMembers[Type]>>;
};

/** Event whose `type` determines the members of its `data`. */
export type TypedEvent = { [Type in EventType]: EventOfType<Type> }[EventType];
