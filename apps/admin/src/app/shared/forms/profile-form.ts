import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  effect,
  inject,
  input,
  output,
  untracked,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { UpdateUserDto, type UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { dtoField } from './dto-field';
import { submission, SubmissionError, SubmitButton } from './submission';
import { TextField } from './text-field';

/** The fields of an account that its profile form edits. */
export type Profile = Pick<UserDto, 'displayName' | 'email' | 'kind' | 'responsible'>;

/** The changed fields of a profile; `null` removes a value. */
export type ProfileChange = Pick<UpdateUserDto, 'displayName' | 'email' | 'responsible'>;

/** Form for the profile of a user or of one's own account. */
@Component({
  selector: 'app-profile-form',
  imports: [ReactiveFormsModule, SubmissionError, SubmitButton, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form novalidate class="stack" [formGroup]="form" (ngSubmit)="submit()">
      <app-text-field
        [control]="form.controls.displayName"
        [label]="t().users.form.displayName"
        [autocomplete]="isOwn() ? 'name' : 'off'"
      />
      <app-text-field
        type="email"
        [control]="form.controls.email"
        [label]="t().users.form.email"
        [autocomplete]="isOwn() ? 'email' : 'off'"
      />
      @if (profile().kind === 'service') {
        <app-text-field
          isName
          [control]="form.controls.responsible"
          [label]="t().mail.responsible"
          [hint]="t().mail.responsibleHint"
        />
      }
      <app-submission-error [submission]="submission" />
      <app-submit-button [label]="t().account.profile.save" [submission]="submission" />
    </form>
  `,
})
export class ProfileForm<T extends Profile> {
  readonly profile = input.required<T>();
  /** Saves a change of the profile it was made to; returns `null` if the user cancelled. */
  readonly save = input.required<(base: T, change: ProfileChange) => Promise<T | null>>();
  /** Whether the browser may fill in the user's own data. */
  readonly isOwn = input(false, { transform: booleanAttribute });
  readonly saved = output<T>();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    displayName: ['', dtoField(UpdateUserDto, 'displayName')],
    email: ['', dtoField(UpdateUserDto, 'email')],
    responsible: ['', dtoField(UpdateUserDto, 'responsible')],
  });
  protected readonly submission = submission(this.form);

  constructor() {
    effect(() => {
      const profile = this.profile();
      untracked(() => this.fill(profile));
    });
  }

  /** Whether there are unsaved changes. */
  isChanged(): boolean {
    return Object.keys(this.change(this.profile())).length > 0;
  }

  protected submit(): Promise<void> {
    const base = this.profile();
    return this.submission.submit(async () => {
      const saved = await this.save()(base, this.change(base));
      if (saved !== null) {
        this.form.markAsPristine();
        this.saved.emit(saved);
      }
    });
  }

  /** Fills the fields that the user is not editing. */
  private fill({ displayName = '', email = '', responsible = '' }: Profile): void {
    for (const [name, value] of Object.entries({ displayName, email, responsible })) {
      const control = this.form.get(name);
      if (control?.pristine) {
        control.setValue(value);
      }
    }
  }

  private change(base: Profile): ProfileChange {
    const { displayName, email, responsible } = this.form.getRawValue();
    return {
      ...(displayName !== (base.displayName ?? '') && { displayName: displayName || null }),
      ...(email !== (base.email ?? '') && { email: email || null }),
      ...(responsible !== (base.responsible ?? '') && { responsible: responsible || null }),
    };
  }
}
