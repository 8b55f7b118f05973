import { computed, effect, inject, linkedSignal, type Signal, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, type ValidatorFn, Validators } from '@angular/forms';
import {
  CreateTokenDto,
  CreateTokenTemplateDto,
  type OfferDto,
  RequestTokenDto,
  TokenFilterDto,
  type TokenTemplateDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { debounceTime, map, type Observable } from 'rxjs';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { loaded } from '../../shared/loaded';
import { chosenExpiry, type ExpiryChoice } from '../expiry-picker';
import { changedLimits, limitsForm, limitsIn, limitsOf } from '../limits/limits-form';
import { OffersApi } from '../offers/offers-api';
import { EVERYTHING, NOTHING, scopeMembers, scopeOf, type TokenScope } from '../scope/token-scope';
import { TokensApi } from '../tokens-api';

/**
 * Kinds of the form: a token, a canary, a request for a token, or a template, which is a preset of the form.
 */
export const FORM_KINDS = ['api', 'canary', 'request', 'template'] as const;

export type FormKind = (typeof FORM_KINDS)[number];

/** Fields of each kind. The others are disabled, so that hidden ones cannot be invalid. */
const FIELDS: Readonly<Record<FormKind, readonly string[]>> = {
  api: ['template', 'user', 'note', 'limits'],
  canary: ['user', 'note'],
  request: ['template', 'note', 'reason'],
  template: ['name', 'description', 'note'],
};

const NO_LIMITS = limitsOf({});
const DAY_SECONDS = 86_400;
const DEFAULT_EXPIRY = { kind: 'days', days: 90 } as const;

function defaultScope(kind: FormKind): TokenScope {
  return kind === 'template' ? NOTHING : EVERYTHING;
}

/** Form that describes a token, and the requests that send it. */
export class TokenForm {
  private readonly offers = inject(OffersApi);
  private readonly session = inject(Session);
  private readonly tokens = inject(TokensApi);

  readonly choice = signal<ExpiryChoice>(DEFAULT_EXPIRY);
  /** A template starts with nothing and other kinds with everything, until the user selects a scope. */
  readonly scope = linkedSignal<FormKind, TokenScope>({
    source: () => this.kind(),
    computation: (kind, previous) =>
      previous === undefined || [EVERYTHING, NOTHING].includes(previous.value)
        ? defaultScope(kind)
        : previous.value,
  });
  readonly group = inject(NonNullableFormBuilder).group({
    template: ['', this.requiredFor('request')],
    user: ['', [Validators.required, dtoField(TokenFilterDto, 'user')]],
    name: ['', [Validators.required, dtoField(CreateTokenTemplateDto, 'name')]],
    description: ['', dtoField(CreateTokenTemplateDto, 'description')],
    note: ['', [this.requiredFor('api', 'canary'), dtoField(CreateTokenDto, 'note')]],
    reason: ['', dtoField(RequestTokenDto, 'reason')],
    limits: limitsForm(NO_LIMITS),
  });
  readonly fields = this.group.controls;
  /** Name of the owner, once the user pauses. */
  readonly owner = toSignal(
    this.fields.user.valueChanges.pipe(
      debounceTime(250),
      map((name) => name.trim()),
    ),
    { initialValue: '' },
  );
  readonly handover = signal<'secret' | 'link'>('secret');
  readonly isForOther = computed(
    () => this.session.can('tokens:write') && !['', this.session.user()?.name].includes(this.owner()),
  );
  /** Whether the owner creates the token, with a link. */
  readonly sendsLink = computed(
    () => this.kind() === 'api' && this.isForOther() && this.handover() === 'link',
  );
  private initial: { choice: ExpiryChoice; scope: TokenScope } | undefined;
  readonly templates = loaded(
    () => 'templates',
    () => this.offers.templates(),
  );
  private readonly templateName = toSignal(this.fields.template.valueChanges, { initialValue: '' });
  readonly chosen = computed(() => this.find(this.templateName()));

  constructor(private readonly kind: Signal<FormKind>) {
    effect(() => {
      for (const [name, control] of Object.entries(this.fields)) {
        if (FIELDS[kind()].includes(name)) {
          control.enable();
        } else {
          control.disable();
        }
      }
      if (kind() === 'template') {
        // A template has a lifetime, not a date.
        this.choice.update((choice) => (choice.kind === 'days' ? choice : DEFAULT_EXPIRY));
      }
    });
  }

  find(template: string | undefined): TokenTemplateDto | undefined {
    return this.templates.value()?.items.find(({ name }) => name === template);
  }

  /** Fills the form with a template. */
  fill({ name, description = '', note = '', expiresIn, ...scope }: TokenTemplateDto): void {
    this.group.patchValue({ name, description, note });
    this.choice.set({ kind: 'days', days: expiresIn / DAY_SECONDS });
    this.scope.set(scopeOf(scope));
    this.initial = { choice: this.choice(), scope: this.scope() };
  }

  /** Whether the user has changed anything since the form was opened or filled. */
  isChanged(): boolean {
    const { choice, scope } = this.initial ?? { choice: DEFAULT_EXPIRY, scope: defaultScope(this.kind()) };
    return this.group.dirty || this.choice() !== choice || this.scope() !== scope;
  }

  /** Whether the chosen expiry is not in the past; always true for kinds without this choice. */
  isExpiryValid(): boolean {
    return this.kind() !== 'api' || chosenExpiry(this.choice(), Date.now()) !== null;
  }

  /** Creates the token, or a link with which its owner creates it. */
  create(): Observable<UserTokenDto | OfferDto> {
    const user = this.text('user');
    if (this.sendsLink()) {
      // The lifetime of the token counts from the claim.
      const expiry = this.choice().kind === 'days' ? { expiresIn: this.lifetime() } : this.expiry();
      return this.offers.create(user, { ...this.description(), ...expiry });
    }
    const token: CreateTokenDto =
      this.kind() === 'canary'
        ? { note: this.text('note'), kind: 'canary' }
        : { ...this.description(), ...this.expiry() };
    return user === this.session.user()?.name
      ? this.tokens.createOwn(token)
      : this.tokens.create(user, token);
  }

  /** Requests a token from the chosen template. */
  request(): Observable<OfferDto> {
    const [note, reason] = [this.text('note'), this.text('reason')];
    return this.offers.request({
      template: this.text('template'),
      ...(note && { note }),
      ...(reason && { reason }),
    });
  }

  /** Creates a template, or changes an existing one. */
  saveTemplate(existing: TokenTemplateDto | undefined): Observable<TokenTemplateDto> {
    const [description, note] = [this.text('description'), this.text('note')];
    const others = { expiresIn: this.lifetime(), ...scopeMembers(this.scope()) };
    if (existing === undefined) {
      const texts = { ...(description && { description }), ...(note && { note }) };
      return this.offers.createTemplate({ name: this.text('name'), ...texts, ...others });
    }
    const change = { description: description || null, note: note || null, permissions: null, roles: null };
    return this.offers.updateTemplate(existing.name, { ...change, ...others }, existing.version);
  }

  private description() {
    const limits = changedLimits(NO_LIMITS, limitsIn(this.fields.limits, NO_LIMITS)) as CreateTokenDto;
    return { note: this.text('note'), ...scopeMembers(this.scope()), ...limits };
  }

  private expiry() {
    return { expirationTime: chosenExpiry(this.choice(), Date.now())?.instant ?? null };
  }

  private lifetime(): number {
    const choice = this.choice();
    return Math.round((choice.kind === 'days' ? choice.days : DEFAULT_EXPIRY.days) * DAY_SECONDS);
  }

  private text(name: Exclude<keyof typeof this.fields, 'limits'>): string {
    return this.fields[name].value.trim();
  }

  private requiredFor(...kinds: FormKind[]): ValidatorFn {
    return (control) => (kinds.includes(this.kind()) ? Validators.required(control) : null);
  }
}
