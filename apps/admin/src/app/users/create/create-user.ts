import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import { MatCheckbox } from '@angular/material/checkbox';
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
import { injectTexts, Language } from '../../core/language';
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
import { ServerPolicy } from '../../shared/server-policy';
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
    MatCheckbox,
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
  private readonly language = inject(Language);
  private readonly policy = inject(ServerPolicy).current;
  private readonly passwordField = viewChild(PasswordField);

  protected readonly form = this.fields.group({
    kind: this.fields.control(this.start.kind),
    name: ['', dtoField(CreateUserDto, 'name')],
    displayName: ['', dtoField(CreateUserDto, 'displayName')],
    email: ['', dtoField(CreateUserDto, 'email')],
    responsible: ['', dtoField(CreateUserDto, 'responsible')],
    password: ['', newPassword(CreateUserDto, 'password')],
    send: false,
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

  private readonly values = toSignal(this.form.valueChanges, { initialValue: this.form.value });
  /** Address that the server can send the link to. */
  protected readonly address = computed(() => {
    const { email = '', password } = this.values();
    const isComplete = email !== '' && this.form.controls.email.valid;
    return this.policy.value()?.mail && password === '' && isComplete ? email : undefined;
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
    const { kind, name, displayName, email, responsible, password } = this.form.getRawValue();
    return Object.assign(new CreateUserDto(), {
      name,
      displayName: emptyToUndefined(displayName),
      email: emptyToUndefined(email),
      kind,
      roles: [...this.roles()],
      responsible: kind === 'service' ? emptyToUndefined(responsible) : undefined,
      password: kind === 'service' ? undefined : emptyToUndefined(password),
    });
  }

  /**
   * Returns the generated password or a set-up link; `null` if a password was typed, or the link was sent or
   * could not be created.
   */
  private async handoverFor({ name }: UserDto, password: string | undefined): Promise<HandoverSecret | null> {
    if (password !== undefined) {
      return this.passwordField()?.isGenerated() ? { kind: 'password', secret: password, until: null } : null;
    }
    try {
      const send = this.address() !== undefined && this.form.getRawValue().send;
      const dto = { send, language: this.language.tag() };
      const created = await firstValueFrom(this.api.createSetUpLink(name, dto));
      if (created.sentTo !== undefined) {
        this.notifier.success(this.t().mail.sent(created.sentTo));
        return null;
      }
      const { link, expirationTime, sendError } = created;
      return { kind: 'link', secret: link, until: expirationTime, problem: sendError };
    } catch (error) {
      // The user exists anyway, and their page can create another link.
      this.notifier.failure(problemOf(error));
      return null;
    }
  }
}
