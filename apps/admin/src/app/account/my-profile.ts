import { ChangeDetectionStrategy, Component, effect, inject, input, signal, untracked } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { type MeDto, UpdateMeDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { dtoField } from '../shared/forms/dto-field';
import { controlError } from '../shared/forms/field-error';
import { FormError } from '../shared/forms/form-error';
import { saveEdit } from '../shared/forms/save-edit';
import { showServerErrors } from '../shared/forms/server-errors';
import { submission } from '../shared/forms/submission';
import { SubmitButton } from '../shared/forms/submit-button';
import { AccountApi } from './account-api';

/** Profile of the signed-in user. */
@Component({
  selector: 'app-my-profile',
  imports: [MatFormFieldModule, MatInput, ReactiveFormsModule, FormError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'card' },
  templateUrl: './my-profile.html',
})
export class MyProfile {
  private readonly api = inject(AccountApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly me = input.required<MeDto>();

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
  protected readonly formError = signal<string | null>(null);

  constructor() {
    effect(() => {
      const me = this.me();
      untracked(() => this.show(me));
    });
  }

  protected save(): Promise<void> {
    const { form } = this.t().users;
    return this.submission.submit(
      async () => {
        this.formError.set(null);
        const saved = await saveEdit(this.dialog, {
          fields: [
            { field: 'displayName', label: form.displayName },
            { field: 'email', label: form.email },
          ],
          base: this.me(),
          change: this.change(),
          save: (change, version) => this.api.update(change, version),
          read: () => this.api.get(),
        });
        if (saved !== null) {
          this.form.markAsPristine();
          await this.session.refresh();
          this.notifier.success(this.t().account.profile.saved);
        }
      },
      (problem) => this.formError.set(showServerErrors(this.form, problem, this.t())),
    );
  }

  /** Shows what is known, except where the person is writing something else. */
  private show({ displayName = '', email = '' }: MeDto): void {
    for (const [name, value] of Object.entries({ displayName, email })) {
      const control = this.form.get(name);
      if (control?.pristine) {
        control.setValue(value);
      }
    }
  }

  /** What the person made different; an empty field is to be empty from now on. */
  private change(): UpdateMeDto {
    const { displayName, email } = this.form.getRawValue();
    const base = this.me();
    return {
      ...(displayName !== (base.displayName ?? '') && { displayName: displayName || null }),
      ...(email !== (base.email ?? '') && { email: email || null }),
    };
  }
}
