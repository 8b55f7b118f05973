import { A11yModule } from '@angular/cdk/a11y';
import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, ReactiveFormsModule, type ValidatorFn } from '@angular/forms';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import {
  type ApiDto,
  AuditEventQueryDto,
  type PageDto,
  TokenListQueryDto,
  type UserDto,
  UserFilterDto,
} from '@latchkey/auth-models';
import { debounceTime, map, Subject } from 'rxjs';
import { injectTexts, Language } from '../../core/language';
import { Session } from '../../core/session';
import { dtoField } from '../forms/dto-field';
import { controlError } from '../forms/field-error';
import { loaded } from '../loaded';

const SUGGESTION_DEBOUNCE = 250;
const SUGGESTIONS_MAX = 8;

/** Server rules for filters with free text, by name. */
const RULES: Readonly<Record<string, ValidatorFn>> = {
  role: dtoField(UserFilterDto, 'role'),
  permission: dtoField(UserFilterDto, 'permission'),
  user: dtoField(TokenListQueryDto, 'user'),
  actor: dtoField(AuditEventQueryDto, 'actor'),
  subject: dtoField(AuditEventQueryDto, 'subject'),
  address: dtoField(AuditEventQueryDto, 'address'),
  traceId: dtoField(AuditEventQueryDto, 'traceId'),
};

/** Lists to suggest from: users, and APIs for their permissions. */
const USERS = { path: '/users', permission: 'users:read' } as const;
const APIS = { path: '/apis', permission: 'apis:read' } as const;

/** Lists to suggest from, by the name of the filter. */
const SUGGESTIONS: Readonly<Record<string, typeof USERS | typeof APIS>> = {
  permission: APIS,
  user: USERS,
  actor: USERS,
  subject: USERS,
};

/** Form for the free text of a filter. Loaded on demand, because Material's form field is large. */
@Component({
  selector: 'app-typed-filter',
  imports: [A11yModule, MatAutocompleteModule, MatButton, MatFormFieldModule, MatInput, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form
      class="overlay-panel"
      cdkTrapFocus
      cdkTrapFocusAutoCapture
      role="dialog"
      [attr.aria-label]="label()"
      (submit)="$event.preventDefault(); apply()"
    >
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ label() }}</mat-label>
        <input
          #field
          matInput
          autocomplete="off"
          spellcheck="false"
          maxlength="256"
          [matAutocomplete]="names"
          [matAutocompleteDisabled]="suggestions() === null"
          [formControl]="control()"
          (input)="typing.next(field.value)"
        />
        <mat-autocomplete #names (optionSelected)="apply()">
          @for (item of suggested.value() ?? []; track item.name) {
            <mat-option [value]="item.name">
              <bdi>{{ item.name }}</bdi>
              @if (item.displayName; as displayName) {
                <bdi class="quiet">{{ displayName }}</bdi>
              }
            </mat-option>
          }
        </mat-autocomplete>
        <mat-error>{{ error() }}</mat-error>
      </mat-form-field>
      <button matButton="tonal" type="submit">{{ t().lists.apply }}</button>
    </form>
  `,
  styles: `
    form {
      width: min(17rem, 100vw - 48px);
    }
    mat-option .quiet {
      margin-left: var(--space-2);
    }
  `,
})
export class TypedFilter {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  /** Name of the parameter. */
  readonly name = input.required<string>();
  readonly label = input.required<string>();
  /** Current value; `null` = not set. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();

  protected readonly t = injectTexts();
  /** Path of the list to suggest from; `null` if there is none that the user may see. */
  protected readonly suggestions = computed(() => {
    const list = SUGGESTIONS[this.name()];
    return list && this.session.can(list.permission) ? list.path : null;
  });
  protected readonly control = computed(
    () => new FormControl(this.value() ?? '', { nonNullable: true, validators: RULES[this.name()] ?? [] }),
  );
  protected readonly error = controlError(this.control);
  protected readonly typing = new Subject<string>();
  private readonly typed = toSignal(this.typing.pipe(debounceTime(SUGGESTION_DEBOUNCE)), {
    initialValue: '',
  });
  /** Users or permissions that match the text. Typing cancels the pending request. */
  protected readonly suggested = loaded(
    () => {
      const [path, q] = [this.suggestions(), this.typed().trim()];
      return path !== null && q !== '' ? { path, q } : null;
    },
    ({ path, q }) => {
      const page = this.http.get<PageDto<UserDto | ApiDto>>(path, { params: { q, size: SUGGESTIONS_MAX } });
      return page.pipe(
        map(({ items }) => items.flatMap((item) => namesIn(item, q)).slice(0, SUGGESTIONS_MAX)),
      );
    },
  );

  constructor() {
    // They contain the errors of fields.
    void inject(Language).loadFeatureTexts();
  }

  protected apply(): void {
    const control = this.control();
    control.setValue(control.value.trim());
    control.markAsTouched();
    if (control.valid) {
      this.valueChange.emit(control.value || null);
    }
  }
}

/** Returns a user, or the permissions of an API that contain a text. */
function namesIn(item: UserDto | ApiDto, text: string): { name: string; displayName?: string }[] {
  return 'roles' in item ? [item] : item.permissions.filter(({ name }) => name.includes(text));
}
