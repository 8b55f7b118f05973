import { type ValidatorFn, FormControl } from '@angular/forms';
import {
  CreateEventTargetDto,
  type EventTargetDto,
  type EventTargetKind,
  type EventType,
  type MailLanguage,
  type MailSchedule,
  type UpdateEventTargetDto,
  type WebhookFormat,
} from '@latchkey/auth-models';
import { dtoField } from '../../shared/forms/dto-field';

/** Input of the form for a target. */
export interface TargetForm {
  readonly kind: EventTargetKind;
  readonly url: string;
  readonly format: WebhookFormat;
  /** One address per line. */
  readonly addresses: string;
  readonly toOwners: boolean;
  readonly schedule: MailSchedule;
  readonly language: MailLanguage;
  readonly types: readonly EventType[];
  readonly user: string;
  readonly api: string;
}

/** Splits addresses on separate lines, or with commas or semicolons between them. */
export function addressesIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((address) => address !== '');
}

/** Validates addresses on separate lines by the rules of the server. */
export const addressLines: ValidatorFn = ({ value }) =>
  dtoField(CreateEventTargetDto, 'addresses')(new FormControl(addressesIn(String(value))));

/** Returns the input that leaves a target unchanged. */
export function formOf(target: EventTargetDto): TargetForm {
  const { kind, url = '', format = 'standard', addresses = [], toOwners = false, types } = target;
  const { schedule = 'immediate', language = 'en', user = '', api = '' } = target;
  return {
    kind,
    url,
    format,
    addresses: addresses.join('\n'),
    toOwners,
    schedule,
    language,
    types,
    user,
    api,
  };
}

/** Members of a target that can be changed, without filters that are not set. */
type Members = Pick<
  CreateEventTargetDto,
  'url' | 'format' | 'addresses' | 'toOwners' | 'schedule' | 'language' | 'types' | 'user' | 'api'
>;

/** Returns the members of a target of the selected kind. */
export function membersOf({ kind, addresses, url, format, types, user, api, ...mail }: TargetForm): Members {
  const { toOwners, schedule, language } = mail;
  return {
    ...(kind === 'webhook'
      ? { url: url.trim(), format }
      : { addresses: addressesIn(addresses), toOwners, schedule, language }),
    types: [...types].sort(),
    ...(user.trim() && { user: user.trim() }),
    ...(api.trim() && { api: api.trim() }),
  };
}

/** Returns the changed members. An emptied filter becomes `null`, which removes it. */
export function changesOf(target: EventTargetDto, form: TargetForm): UpdateEventTargetDto {
  const wanted: UpdateEventTargetDto = { user: null, api: null, ...membersOf(form) };
  const before = { user: null, api: null, ...membersOf(formOf(target)) } as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  );
}
