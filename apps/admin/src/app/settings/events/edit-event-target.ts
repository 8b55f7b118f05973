import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatRadioModule } from '@angular/material/radio';
import { MatSelectModule } from '@angular/material/select';
import { Router, RouterLink } from '@angular/router';
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
import {
  EVENT_TARGET_KINDS,
  MAIL_LANGUAGES,
  MAIL_SCHEDULES,
  WEBHOOK_FORMATS,
} from '@latchkey/auth-models/lists';
import { firstValueFrom, map } from 'rxjs';
import { Language } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { dtoField } from '../../shared/forms/dto-field';
import { saveEdit } from '../../shared/forms/save-edit';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { LoadState } from '../../shared/ui/states';
import { EventsApi } from './events-api';
import { SuggestField } from './suggest-field';
import { URGENT_TYPES } from './target-facts';
import { addressLines, changesOf, formOf, membersOf } from './target-form';
import { TypePicker } from './type-picker';
import { WebhookSecret } from './webhook-secret';

/** Page that creates or changes an event target. */
@Component({
  selector: 'app-edit-event-target',
  imports: [
    BackLink,
    LoadState,
    MatButton,
    MatCheckbox,
    MatFormFieldModule,
    MatRadioModule,
    MatSelectModule,
    PageHeader,
    ReactiveFormsModule,
    RouterLink,
    SubmissionError,
    SubmitButton,
    SuggestField,
    TextField,
    TypePicker,
    WebhookSecret,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './edit-event-target.html',
  styles: `
    :host {
      display: block;
      max-width: 840px;
    }
    form {
      gap: var(--space-6);
    }
    .pair {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
      align-items: start;
      gap: var(--space-4) var(--space-6);
    }
    fieldset > .pair {
      margin-top: var(--space-2);
    }
  `,
})
export class EditEventTarget {
  private readonly api = inject(EventsApi);
  private readonly builder = inject(NonNullableFormBuilder);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);

  /** Name of the target to change, from the URL; without one, the page creates a target. */
  readonly name = input<string>();

  protected readonly t = this.language.texts;
  protected readonly kinds = EVENT_TARGET_KINDS;
  protected readonly formats = WEBHOOK_FORMATS;
  protected readonly schedules = MAIL_SCHEDULES;
  protected readonly languages = MAIL_LANGUAGES;
  protected readonly created = oneTimeSecret<EventTargetDto>();
  protected readonly target = loaded(
    () => this.name() ?? null,
    (name) => this.api.get(name),
  );
  protected readonly isReady = computed(() => this.name() === undefined || this.target.value() !== undefined);
  protected readonly parent = computed(() =>
    this.name() === undefined ? '/settings/events' : `/settings/events/${this.name()}`,
  );
  protected readonly form = this.builder.group({
    name: ['', [Validators.required, dtoField(CreateEventTargetDto, 'name')]],
    kind: this.builder.control<EventTargetKind>('webhook'),
    url: ['', [Validators.required, dtoField(CreateEventTargetDto, 'url')]],
    format: this.builder.control<WebhookFormat>('standard'),
    addresses: ['', addressLines],
    toOwners: false,
    schedule: this.builder.control<MailSchedule>('immediate'),
    language: this.builder.control<MailLanguage>(this.language.tag()),
    types: this.builder.control<readonly EventType[]>(URGENT_TYPES, dtoField(CreateEventTargetDto, 'types')),
    user: ['', dtoField(CreateEventTargetDto, 'user')],
    api: ['', dtoField(CreateEventTargetDto, 'api')],
  });
  protected readonly typed = toSignal(this.form.valueChanges.pipe(map(() => this.form.getRawValue())), {
    initialValue: this.form.getRawValue(),
  });
  protected readonly submission = submission(this.form);
  private isSaved = false;

  constructor() {
    guardUnsaved(() => !this.isSaved && this.form.dirty);
    effect(() => {
      const target = this.target.value();
      if (target !== undefined && !this.form.dirty) {
        this.form.patchValue({ name: target.name, ...formOf(target) });
      }
    });
    effect(() => {
      // Only the fields of the selected kind are required.
      const isWebhook = this.typed().kind === 'webhook';
      const { url, addresses } = this.form.controls;
      if (url.enabled !== isWebhook) {
        url[isWebhook ? 'enable' : 'disable']();
        addresses[isWebhook ? 'disable' : 'enable']();
      }
    });
  }

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const saved = await this.send();
      if (saved === null) {
        return;
      }
      this.isSaved = true;
      if (saved.secret !== undefined) {
        this.created.token.set(saved);
        return;
      }
      const { common } = this.t();
      this.notifier.success(
        this.name() === undefined ? common.created(saved.name) : common.saved(saved.name),
      );
      await this.open(saved.name);
    });
  }

  protected async open(name: string): Promise<void> {
    await this.router.navigate(['/settings/events', name]);
  }

  private send(): Promise<EventTargetDto | null> {
    const form = this.form.getRawValue();
    const base = this.target.value();
    if (base === undefined) {
      const { name, kind } = form;
      return firstValueFrom(this.api.create({ name: name.trim(), kind, ...membersOf(form) }));
    }
    const texts = this.t().events.form;
    const fields = [
      'url',
      'format',
      'addresses',
      'toOwners',
      'schedule',
      'language',
      'types',
      'user',
      'api',
    ] as const;
    return saveEdit<EventTargetDto, UpdateEventTargetDto>(this.dialog, {
      fields: fields.map((field) => ({ field, label: texts[field] })),
      base,
      change: changesOf(base, form),
      save: (change, version) => this.api.update(base.name, change, version),
      read: () => this.api.get(base.name),
    });
  }
}
