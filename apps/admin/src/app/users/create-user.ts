import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import {
  type BuiltInRole,
  canonicalName,
  CreateUserDto,
  type UserDto,
  type UserKind,
} from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { controlError } from '../shared/control-error';
import { dtoField, orAbsent } from '../shared/dto-field';
import { focusFirstInvalid } from '../shared/focus-first-invalid';
import { Icon } from '../shared/icon';
import { PasswordField } from '../shared/password-field';
import { Refusal } from '../shared/refusal';
import { showServerErrors } from '../shared/server-errors';
import { submission } from '../shared/submission';
import { SubmitButton } from '../shared/submit-button';
import { generatePassword } from './generate-password';
import { HandOver } from './hand-over';
import { RolePicker } from './role-picker';
import { UsersApi } from './users-api';

/** The dialog that makes a user; it closes with them, or with nothing. */
@Component({
  selector: 'app-create-user',
  imports: [
    HandOver,
    Icon,
    MatButton,
    MatButtonToggleModule,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    PasswordField,
    ReactiveFormsModule,
    Refusal,
    RolePicker,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './create-user.html',
  styleUrl: './create-user.scss',
})
export class CreateUser {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject<MatDialogRef<CreateUser, UserDto>>(MatDialogRef);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly fields = inject(NonNullableFormBuilder);
  private readonly passwordField = viewChild(PasswordField);
  private readonly generated = signal<string | null>(null);

  protected readonly form = this.fields.group({
    kind: this.fields.control<UserKind>('human'),
    name: ['', dtoField(CreateUserDto, 'name')],
    displayName: ['', dtoField(CreateUserDto, 'displayName')],
    email: ['', dtoField(CreateUserDto, 'email')],
    password: ['', dtoField(CreateUserDto, 'password')],
  });
  protected readonly roles = signal<readonly BuiltInRole[]>(['user']);
  protected readonly errors = {
    name: controlError(() => this.form.controls.name),
    displayName: controlError(() => this.form.controls.displayName),
    email: controlError(() => this.form.controls.email),
  };
  protected readonly kind = toSignal(this.form.controls.kind.valueChanges, {
    initialValue: this.form.controls.kind.value,
  });
  protected readonly t = injectTexts();
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);
  /** The user who was made with a generated password, which has yet to be handed over. */
  protected readonly created = signal<{ user: UserDto; password: string } | null>(null);

  private readonly typedName = toSignal(this.form.controls.name.valueChanges, { initialValue: '' });
  /** The name as the server will spell it, if that differs from what was typed. */
  protected readonly spelling = computed(() => {
    const canonical = canonicalName(this.typedName());
    return canonical === this.typedName() ? null : canonical;
  });

  protected generate(): void {
    const password = generatePassword();
    this.generated.set(password);
    this.form.controls.password.setValue(password);
    this.passwordField()?.isShown.set(true);
  }

  protected create(): Promise<void> {
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const user = this.userToCreate();
        this.finish(await firstValueFrom(this.api.create(user)), user.password);
      },
      (problem) => {
        this.refusal.set(showServerErrors(this.form, problem, this.t()));
        focusFirstInvalid(this.host);
      },
    );
  }

  protected close(user: UserDto): void {
    this.dialog.close(user);
  }

  private userToCreate(): CreateUserDto {
    const { kind, name, displayName, email, password } = this.form.getRawValue();
    return Object.assign(new CreateUserDto(), {
      name,
      displayName: orAbsent(displayName),
      email: orAbsent(email),
      kind,
      roles: [...this.roles()],
      password: kind === 'service' ? undefined : orAbsent(password),
    });
  }

  private finish(user: UserDto, password: string | undefined): void {
    if (password === undefined || password !== this.generated()) {
      this.close(user);
      return;
    }
    // Nothing but the button closes the dialog now: the password cannot be shown again.
    this.dialog.disableClose = true;
    this.created.set({ user, password });
  }
}
