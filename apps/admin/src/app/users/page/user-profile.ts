import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
} from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { UpdateUserDto, type UserDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { FormError } from '../../shared/forms/form-error';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { SubmitButton } from '../../shared/forms/submit-button';
import { UserEdits } from './user-edits';

/** What is known of a user, and what of it can be changed. */
@Component({
  selector: 'app-user-profile',
  imports: [MatFormFieldModule, MatInput, ReactiveFormsModule, FormError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-profile.html',
  styleUrl: './user-profile.scss',
})
export class UserProfile {
  private readonly edits = inject(UserEdits);
  private readonly notifier = inject(Notifier);

  readonly user = input.required<UserDto>();
  readonly changed = output<UserDto>();

  protected readonly t = injectTexts();
  private readonly session = inject(Session);
  protected readonly canWrite = computed(() => this.session.can('users:write'));
  protected readonly form = inject(NonNullableFormBuilder).group({
    displayName: ['', dtoField(UpdateUserDto, 'displayName')],
    email: ['', dtoField(UpdateUserDto, 'email')],
  });
  protected readonly errors = {
    displayName: controlError(() => this.form.controls.displayName),
    email: controlError(() => this.form.controls.email),
  };
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);

  constructor() {
    effect(() => {
      const user = this.user();
      untracked(() => this.show(user));
    });
  }

  /** Whether something was written that is not saved. */
  isChanged(): boolean {
    return this.canWrite() && Object.keys(this.change(this.user())).length > 0;
  }

  protected save(): Promise<void> {
    const base = this.user();
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const saved = await this.edits.save(base, this.change(base));
        if (saved !== null) {
          this.form.markAsPristine();
          this.changed.emit(saved);
          this.notifier.success(this.t().userPage.profile.saved(saved.name));
        }
      },
      (problem) => this.refusal.set(showServerErrors(this.form, problem, this.t())),
    );
  }

  /** Shows what a user is, except where the person is writing something else. */
  private show({ displayName = '', email = '' }: UserDto): void {
    for (const [name, value] of Object.entries({ displayName, email })) {
      const control = this.form.get(name);
      if (control?.pristine) {
        control.setValue(value);
      }
    }
  }

  /** What the person made different; an empty field is to be empty from now on. */
  private change(base: UserDto): UpdateUserDto {
    const { displayName, email } = this.form.getRawValue();
    return {
      ...(displayName !== (base.displayName ?? '') && { displayName: displayName || null }),
      ...(email !== (base.email ?? '') && { email: email || null }),
    };
  }
}
