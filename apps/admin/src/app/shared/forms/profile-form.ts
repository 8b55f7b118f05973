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
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { type MeDto, UpdateMeDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { dtoField } from './dto-field';
import { controlError } from './field-error';
import { submission } from './submission';
import { SubmissionError, SubmitButton } from './submit';

/** The fields of an account that its profile form edits. */
export type Profile = Pick<MeDto, 'displayName' | 'email'>;

/** The changed fields of a profile; `null` removes a value. */
export type ProfileChange = Pick<UpdateMeDto, 'displayName' | 'email'>;

/** Form for the display name and e-mail address of a user or of one's own account. */
@Component({
  selector: 'app-profile-form',
  imports: [MatFormFieldModule, MatInput, ReactiveFormsModule, SubmissionError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form novalidate class="stack" [formGroup]="form" (ngSubmit)="submit()">
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().users.form.displayName }}</mat-label>
        <input matInput formControlName="displayName" [attr.autocomplete]="isOwn() ? 'name' : 'off'" />
        <mat-error>{{ errors.displayName() }}</mat-error>
      </mat-form-field>
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().users.form.email }}</mat-label>
        <input
          matInput
          type="email"
          formControlName="email"
          [attr.autocomplete]="isOwn() ? 'email' : 'off'"
        />
        <mat-error>{{ errors.email() }}</mat-error>
      </mat-form-field>
      <app-submission-error [submission]="submission" />
      <app-submit-button [label]="action()" [sending]="t().common.saving" [submission]="submission" />
    </form>
  `,
})
export class ProfileForm<T extends Profile> {
  readonly profile = input.required<T>();
  /** Caption of the button. */
  readonly action = input.required<string>();
  /** Saves a change of the profile it was made to; returns `null` if the user cancelled. */
  readonly save = input.required<(base: T, change: ProfileChange) => Promise<T | null>>();
  /** Whether the browser may fill in the user's own data. */
  readonly isOwn = input(false, { transform: booleanAttribute });
  readonly saved = output<T>();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    displayName: ['', dtoField(UpdateMeDto, 'displayName')],
    email: ['', dtoField(UpdateMeDto, 'email')],
  });
  protected readonly errors = {
    displayName: controlError(() => this.form.controls.displayName),
    email: controlError(() => this.form.controls.email),
  };
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
  private fill({ displayName = '', email = '' }: Profile): void {
    for (const [name, value] of Object.entries({ displayName, email })) {
      const control = this.form.get(name);
      if (control?.pristine) {
        control.setValue(value);
      }
    }
  }

  private change(base: Profile): ProfileChange {
    const { displayName, email } = this.form.getRawValue();
    return {
      ...(displayName !== (base.displayName ?? '') && { displayName: displayName || null }),
      ...(email !== (base.email ?? '') && { email: email || null }),
    };
  }
}
