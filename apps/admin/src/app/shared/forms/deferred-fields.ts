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
import type { PageDto, UserDto } from '@latchkey/auth-models';
import { debounceTime, Subject } from 'rxjs';
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
      margin-bottom: 8px;
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
          [matAutocomplete]="users"
          [matAutocompleteDisabled]="!suggestsUsers()"
          [value]="value() ?? ''"
          (input)="typing.next(field.value)"
        />
        <mat-autocomplete #users (optionSelected)="apply($event.option.value)">
          @for (user of suggested.value()?.items ?? []; track user.id) {
            <mat-option [value]="user.name">
              <bdi>{{ user.name }}</bdi>
              @if (user.displayName; as displayName) {
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
      margin-left: 8px;
    }
  `,
})
export class TypedFilter {
  private readonly http = inject(HttpClient);

  readonly label = input.required<string>();
  /** Whether names of users are suggested. */
  readonly suggestsUsers = input.required<boolean>();
  /** Current value; `null` = not set. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();

  protected readonly t = injectTexts();
  protected readonly typing = new Subject<string>();
  private readonly typed = toSignal(this.typing.pipe(debounceTime(SUGGESTION_DEBOUNCE)), {
    initialValue: '',
  });
  /** Users whose names or profiles contain the text. The next text cancels the request. */
  protected readonly suggested = loaded(
    () => (this.suggestsUsers() && this.typed().trim() !== '' ? { q: this.typed().trim() } : null),
    ({ q }) => this.http.get<PageDto<UserDto>>('/users', { params: { q, size: SUGGESTIONS_MAX } }),
  );

  protected apply(text: string): void {
    this.valueChange.emit(text.trim() || null);
  }
}
