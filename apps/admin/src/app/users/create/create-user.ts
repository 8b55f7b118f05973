import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import {
  canonicalUserName,
  CreateUserDto,
  type RoleDto,
  type UserDto,
  type UserKind,
} from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { dtoField, emptyToUndefined } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { newPassword } from '../../shared/forms/new-password';
import { PasswordField } from '../../shared/forms/password-field';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import type { Loaded } from '../../shared/loaded';
import { Icon } from '../../shared/ui/icon';
import { type HandoverSecret, Handover } from '../handover';
import { RolePicker } from '../role-picker';
import { UsersApi } from '../users-api';

const DEFAULT_ROLE = 'user';

/** Initial values of the form for a new user. */
export interface NewUser {
  readonly kind: UserKind;
  /** Roles to choose from. The list has loaded them, so that the form does not move when they arrive. */
  readonly roles: Loaded<readonly RoleDto[]>;
}

/** Dialog to create a user; closes with the user. */
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
    RolePicker,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './create-user.html',
  styles: `
    mat-dialog-content {
      max-height: calc(100dvh - 220px);
    }
    mat-button-toggle-group,
    .pair {
      display: grid;
      grid-template-columns: 1fr 1fr;
    }
    mat-button-toggle app-icon {
      margin-right: var(--space-2);
      vertical-align: -5px;
    }
    .pair {
      gap: var(--space-4);
    }
    .note {
      display: flex;
      gap: var(--space-3);
    }
    @media (width < 37.5em) {
      .pair {
        grid-template-columns: 1fr;
      }
    }
  `,
})
export class CreateUser {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject<MatDialogRef<CreateUser, UserDto>>(MatDialogRef);
  private readonly notifier = inject(Notifier);
  private readonly fields = inject(NonNullableFormBuilder);
  private readonly start = inject<NewUser>(MAT_DIALOG_DATA);
  private readonly passwordField = viewChild(PasswordField);

  protected readonly form = this.fields.group({
    kind: this.fields.control(this.start.kind),
    name: ['', dtoField(CreateUserDto, 'name')],
    displayName: ['', dtoField(CreateUserDto, 'displayName')],
    email: ['', dtoField(CreateUserDto, 'email')],
    password: ['', newPassword(CreateUserDto, 'password')],
  });
  protected readonly catalogue = this.start.roles;
  protected readonly roles = signal<readonly string[]>([DEFAULT_ROLE]);
  protected readonly nameError = controlError(() => this.form.controls.name);
  protected readonly kind = toSignal(this.form.controls.kind.valueChanges, {
    initialValue: this.form.controls.kind.value,
  });
  protected readonly t = injectTexts();
  protected readonly submission = submission(this.form);
  /** The created user, and the secret to give to them. */
  protected readonly created = signal<{ user: UserDto; shown: HandoverSecret } | null>(null);

  private readonly typedName = toSignal(this.form.controls.name.valueChanges, { initialValue: '' });
  /** The name as the server will store it, if that differs from the input. */
  protected readonly spelling = computed(() => {
    const canonical = canonicalUserName(this.typedName());
    return canonical === this.typedName() ? null : canonical;
  });

  constructor() {
    // The secret cannot be shown again, so only its button closes the dialog.
    guardUnsaved(() =>
      this.created() === null ? this.form.dirty || this.roles().join() !== DEFAULT_ROLE : null,
    );
  }

  protected create(): Promise<void> {
    return this.submission.submit(async () => {
      const dto = this.userToCreate();
      const user = await firstValueFrom(this.api.create(dto));
      const shown = dto.kind === 'service' ? null : await this.handoverFor(user, dto.password);
      if (shown === null) {
        this.close(user);
      } else {
        this.created.set({ user, shown });
      }
    });
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

  /**
   * Returns the generated password or a set-up link; `null` if a password was typed or the link could not be
   * created.
   */
  private async handoverFor({ name }: UserDto, password: string | undefined): Promise<HandoverSecret | null> {
    if (password !== undefined) {
      return this.passwordField()?.isGenerated() ? { kind: 'password', secret: password, until: null } : null;
    }
    try {
      const { link, expirationTime } = await firstValueFrom(this.api.createSetUpLink(name));
      return { kind: 'link', secret: link, until: expirationTime };
    } catch (error) {
      // The user exists anyway, and their page can create another link.
      this.notifier.failure(problemOf(error));
      return null;
    }
  }
}
