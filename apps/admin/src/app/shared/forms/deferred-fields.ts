// Loaded when a menu or dialog first needs them, because Material's form field is large.
import { A11yModule } from '@angular/cdk/a11y';
import { HttpClient } from '@angular/common/http';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  input,
  output,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { ApiDto, PageDto, UserDto } from '@latchkey/auth-models';
import { debounceTime, map, Subject } from 'rxjs';
import { injectTexts } from '../../core/language';
import { loaded } from '../loaded';

/** Checkbox of a confirmation, and the field for a word that the user must type. */
@Component({
  selector: 'app-confirm-fields',
  imports: [MatCheckbox, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (option(); as option) {
      <mat-checkbox class="flush" (change)="checked.emit($event.checked)">{{ option }}</mat-checkbox>
    }
    @if (word(); as word) {
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().common.typeToConfirm(word) }}</mat-label>
        <input
          #field
          matInput
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          (input)="typed.emit(field.value.trim())"
          (keydown.enter)="submitted.emit()"
        />
      </mat-form-field>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    mat-checkbox {
      display: block;
      margin-bottom: var(--space-2);
    }
  `,
})
export class ConfirmFields {
  readonly option = input<string>();
  readonly word = input<string>();
  readonly checked = output<boolean>();
  readonly typed = output<string>();
  readonly submitted = output();

  protected readonly t = injectTexts();
  private readonly field = viewChild<ElementRef<HTMLInputElement>>('field');

  constructor() {
    afterNextRender(() => this.field()?.nativeElement.focus());
  }
}

const SUGGESTION_DEBOUNCE = 250;
const SUGGESTIONS_MAX = 8;

/** Form for the free text of a filter. */
@Component({
  selector: 'app-typed-filter',
  imports: [A11yModule, MatAutocompleteModule, MatButton, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form
      class="overlay-panel"
      cdkTrapFocus
      cdkTrapFocusAutoCapture
      role="dialog"
      [attr.aria-label]="label()"
      (submit)="$event.preventDefault(); apply(field.value)"
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
          [value]="value() ?? ''"
          (input)="typing.next(field.value)"
        />
        <mat-autocomplete #names (optionSelected)="apply($event.option.value)">
          @for (item of suggested.value() ?? []; track item.name) {
            <mat-option [value]="item.name">
              <bdi>{{ item.name }}</bdi>
              @if (item.displayName; as displayName) {
                <bdi class="quiet">{{ displayName }}</bdi>
              }
            </mat-option>
          }
        </mat-autocomplete>
      </mat-form-field>
      <button matButton="tonal" type="submit">{{ t().lists.apply }}</button>
    </form>
  `,
  styles: `
    form {
      width: 272px;
    }
    mat-option .quiet {
      margin-left: var(--space-2);
    }
  `,
})
export class TypedFilter {
  private readonly http = inject(HttpClient);

  readonly label = input.required<string>();
  /** Path of the list to suggest from: users, or APIs for their permissions; `null` for no suggestions. */
  readonly suggestions = input.required<'/users' | '/apis' | null>();
  /** Current value; `null` = not set. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();

  protected readonly t = injectTexts();
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

  protected apply(text: string): void {
    this.valueChange.emit(text.trim() || null);
  }
}

/** Returns a user, or the permissions of an API that contain a text. */
function namesIn(item: UserDto | ApiDto, text: string): { name: string; displayName?: string }[] {
  return 'roles' in item ? [item] : item.permissions.filter(({ name }) => name.includes(text));
}
