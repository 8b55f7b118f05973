import { Injectable } from '@nestjs/common';
import {
  TOKEN_TEMPLATE_SORT_FIELDS,
  TOKEN_TEMPLATES_MAX,
  type CreateTokenTemplateDto,
  type TokenTemplateDto,
  type TokenTemplateListQueryDto,
  type UpdateTokenTemplateDto,
} from '@latchkey/auth-models';
import { AuditService, changedMembers } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { toRfc3339 } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../common/request/version-condition.js';
import { type SendableList } from '../http/lists/send-list.js';
import { memoryList } from '../http/lists/sorted-lists.js';
import { Config } from '../platform/config/config.js';
import { listSlice } from '../platform/database/queries/list-queries.js';
import { Writes } from '../platform/database/writes.service.js';
import { EscalationPolicy } from '../permissions/escalation-policy.service.js';
import { scopeMembers } from '../permissions/scope.js';
import { TokenPermissions, scopeFrom } from '../tokens/access/token-permissions.service.js';
import { type TokenTemplate } from './token-template.entity.js';
import { TokenTemplatesRepository } from './token-templates.repository.js';

const COLUMNS = [
  'name',
  'description',
  'permissions',
  'roles',
  'expiresIn',
  'note',
  'creationTime',
  'version',
] as const;

/**
 * Lists, creates, changes and deletes token templates. Authors can only name permissions and roles that they
 * can grant.
 */
@Injectable()
export class TokenTemplatesService {
  constructor(
    private readonly repository: TokenTemplatesRepository,
    private readonly permissions: TokenPermissions,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
  ) {}

  /** Returns the matching templates, ordered by name by default. It sorts the few templates in memory. */
  find(query: TokenTemplateListQueryDto): SendableList<TokenTemplateDto> {
    const text = (query.q ?? '').toLowerCase();
    return memoryList({
      columns: COLUMNS,
      slice: listSlice(query, TOKEN_TEMPLATE_SORT_FIELDS, { field: 'name', isDescending: false }),
      findAll: async () =>
        (await this.repository.findAll()).filter(({ name, description }) =>
          [name, description].some((one) => one.toLowerCase().includes(text)),
        ),
      toDtos: (templates: readonly TokenTemplate[]) => templates.map(toTokenTemplateDto),
    });
  }

  /** @throws ApplicationError `not_found`. */
  async get(name: string): Promise<TokenTemplateDto> {
    return toTokenTemplateDto(await this.repository.getByName(name));
  }

  /** @throws ApplicationError `validation_failed`, `above_your_permissions`, `name_taken` or `conflict`. */
  async create(dto: CreateTokenTemplateDto, actor: Principal): Promise<TokenTemplateDto> {
    const { name } = dto;
    return this.writes.transaction(async (tx) => {
      const refreshed = await this.escalation.lockAndRefresh(actor, tx);
      await this.permissions.checkRequested(dto, refreshed, tx);
      if ((await this.repository.count(tx)) >= TOKEN_TEMPLATES_MAX) {
        throw new ApplicationError('conflict', {
          detail: `There are ${TOKEN_TEMPLATES_MAX} token templates, the maximum. Delete one first.`,
        });
      }
      const members = {
        name,
        description: dto.description ?? '',
        scope: scopeFrom(dto),
        expiresIn: this.atMostMaximum(dto.expiresIn),
        note: dto.note ?? null,
      };
      const template = await this.repository.insert(members, tx);
      await this.audit.recordNamed(
        'token_template_created',
        'token_template',
        name,
        actor,
        { after: snapshot(template) },
        tx,
      );
      return toTokenTemplateDto(template);
    }, 'none');
  }

  /**
   * Changes a template. A patch without changes keeps the version and adds no audit entry.
   *
   * @throws ApplicationError `validation_failed`, `above_your_permissions`, `not_found`, or an error of the
   *   condition.
   */
  update(
    name: string,
    dto: UpdateTokenTemplateDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<TokenTemplateDto> {
    return this.writes.transaction(async (tx) => {
      const refreshed = await this.escalation.lockAndRefresh(actor, tx);
      const template = await this.repository.getByName(name, tx);
      checkVersion(condition, template.version);
      const kept = scopeMembers(template.scope);
      await this.permissions.checkRequested(dto, refreshed, tx, kept);
      const edit = {
        ...(dto.description !== undefined && { description: dto.description ?? '' }),
        ...(dto.expiresIn !== undefined && { expiresIn: this.atMostMaximum(dto.expiresIn) }),
        ...(dto.note !== undefined && { note: dto.note }),
        scope: scopeFrom({
          ...kept,
          ...(dto.permissions !== undefined && { permissions: dto.permissions }),
          ...(dto.roles !== undefined && { roles: dto.roles }),
        }),
      };
      const changes = changedMembers(snapshot(template), snapshot({ ...template, ...edit }));
      if (!changes) {
        return toTokenTemplateDto(template);
      }
      const updated = await this.repository.update(template, edit, condition, tx);
      await this.audit.recordNamed('token_template_updated', 'token_template', name, actor, changes, tx);
      return toTokenTemplateDto(updated);
    }, 'none');
  }

  /**
   * Deletes a template. Requests keep what they copied.
   *
   * @throws ApplicationError `not_found`, or an error of the condition.
   */
  async delete(name: string, condition: VersionCondition | undefined, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      const template = await this.repository.getByName(name, tx);
      checkVersion(condition, template.version);
      await this.repository.delete(template, condition, tx);
      await this.audit.recordNamed(
        'token_template_deleted',
        'token_template',
        name,
        actor,
        { before: snapshot(template) },
        tx,
      );
    }, 'none');
  }

  private atMostMaximum(seconds: number): number {
    return Math.min(seconds, this.config.apiTokens.maxSeconds);
  }
}

/** Returns the DTO of a template. */
function toTokenTemplateDto(template: TokenTemplate): TokenTemplateDto {
  return {
    name: template.name,
    ...(template.description !== '' && { description: template.description }),
    ...scopeMembers(template.scope),
    expiresIn: template.expiresIn,
    ...(template.note !== null && { note: template.note }),
    creationTime: toRfc3339(template.creationTime),
    version: template.version,
  };
}

/** Returns the members of a template that the audit trail records. */
function snapshot({ description, scope, expiresIn, note }: TokenTemplate) {
  return { description, permissions: null, roles: null, ...scopeMembers(scope), expiresIn, note };
}
