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
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { canonicalUserName, CreateUserDto, type UserDto, type UserKind } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { focusFirstInvalid } from '../../shared/focus';
import { dtoField, emptyToUndefined } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { FormError } from '../../shared/forms/form-error';
import { PasswordField } from '../../shared/forms/password-field';
import { PasswordMinimum } from '../../shared/forms/password-minimum';
import { newPassword } from '../../shared/forms/password-rules';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { SubmitButton } from '../../shared/forms/submit-button';
import { loadedRoles } from '../../shared/roles/role-catalogue';
import { Icon } from '../../shared/ui/icon';
import { generatePassword } from '../generate-password';
import { type HandoverSecret, Handover } from '../handover';
import { RolePicker } from '../role-picker';
import { UsersApi } from '../users-api';

/** The dialog that makes a user; it closes with them, or with nothing. */
@Component({
  selector: 'app-create-user',
  imports: [
    Handover,
    Icon,
    MatButton,
    MatButtonToggleModule,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    PasswordField,
    ReactiveFormsModule,
    FormError,
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
  private readonly minimum = inject(PasswordMinimum);
  private readonly notifier = inject(Notifier);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly fields = inject(NonNullableFormBuilder);
  private readonly passwordField = viewChild(PasswordField);
  private readonly generated = signal<string | null>(null);

  protected readonly form = this.fields.group({
    kind: this.fields.control(inject<UserKind | null>(MAT_DIALOG_DATA, { optional: true }) ?? 'human'),
    name: ['', dtoField(CreateUserDto, 'name')],
    displayName: ['', dtoField(CreateUserDto, 'displayName')],
    email: ['', dtoField(CreateUserDto, 'email')],
    password: ['', newPassword(dtoField(CreateUserDto, 'password'))],
  });
  protected readonly catalogue = loadedRoles();
  protected readonly roles = signal<readonly string[]>(['user']);
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
  /** The user who was made, and what has yet to be handed over to them. */
  protected readonly created = signal<{ user: UserDto; shown: HandoverSecret } | null>(null);

  private readonly typedName = toSignal(this.form.controls.name.valueChanges, { initialValue: '' });
  /** The name as the server will spell it, if that differs from what was typed. */
  protected readonly spelling = computed(() => {
    const canonical = canonicalUserName(this.typedName());
    return canonical === this.typedName() ? null : canonical;
  });

  protected generate(): void {
    const password = generatePassword();
    this.generated.set(password);
    this.passwordField()?.fill(password);
  }

  protected create(): Promise<void> {
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const { kind, password } = this.userToCreate();
        const user = await firstValueFrom(this.api.create(this.userToCreate()));
        this.finish(user, kind === 'service' ? null : await this.toHandOver(user, password));
      },
      (problem) => {
        this.minimum.learn(problem);
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
      displayName: emptyToUndefined(displayName),
      email: emptyToUndefined(email),
      kind,
      roles: [...this.roles()],
      password: kind === 'service' ? undefined : emptyToUndefined(password),
    });
  }

  /** The generated password, or a link to choose one; `null` if a password was typed, or the link cannot be had. */
  private async toHandOver({ name }: UserDto, password: string | undefined): Promise<HandoverSecret | null> {
    if (password !== undefined) {
      const isGenerated = password === this.generated();
      return isGenerated ? { kind: 'password', secret: password, until: null } : null;
    }
    try {
      const { link, expirationTime } = await firstValueFrom(this.api.makeSetUpLink(name));
      return { kind: 'link', secret: link, until: expirationTime };
    } catch (error) {
      // The user is there all the same, and their page makes another link.
      this.notifier.failure(problemOf(error));
      return null;
    }
  }

  private finish(user: UserDto, shown: HandoverSecret | null): void {
    if (shown === null) {
      this.close(user);
      return;
    }
    // Nothing but the button closes the dialog now: it cannot be shown again.
    this.dialog.disableClose = true;
    this.created.set({ user, shown });
  }
}
