import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  CreateOfferDto,
  RequestTokenDto,
  CreateTokenTemplateDto,
  PageDto,
  OfferDto,
  OfferListQueryDto,
  TokenTemplateDto,
  UpdateTokenTemplateDto,
  UserTokenDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';

/** Offers in one list. */
const SIZE = 50;

/** Client of the endpoints for offers and templates. */
@Injectable({ providedIn: 'root' })
export class OffersApi {
  private readonly http = inject(HttpClient);

  /** Returns the newest offers: all, or those for the signed-in user. */
  list(path: '/offers' | '/me/offers', { state, user }: OfferListQueryDto): Observable<PageDto<OfferDto>> {
    const filter = { ...(state !== undefined && { state }), ...(user !== undefined && { user }) };
    return this.http.get<PageDto<OfferDto>>(path, { params: { ...filter, size: SIZE } });
  }

  /** Creates a claim link for a user. */
  create(user: string, dto: CreateOfferDto): Observable<OfferDto> {
    return this.http.post<OfferDto>(`/users/${encodeURIComponent(user)}/offers`, dto);
  }

  request(dto: RequestTokenDto): Observable<OfferDto> {
    return this.http.post<OfferDto>('/me/offers', dto);
  }

  revoke(id: string): Observable<void> {
    return this.http.delete<void>(`/offers/${id}`);
  }

  withdraw(id: string): Observable<void> {
    return this.http.delete<void>(`/me/offers/${id}`);
  }

  claim(id: string): Observable<UserTokenDto> {
    return this.http.post<UserTokenDto>(`/me/offers/${id}/claim`, null);
  }

  decide(id: string, decision: 'approve' | 'reject', reason?: string): Observable<OfferDto> {
    return this.http.post<OfferDto>(`/offers/${id}/${decision}`, { reason });
  }

  /** Returns all templates. */
  templates(): Observable<PageDto<TokenTemplateDto>> {
    return this.http.get<PageDto<TokenTemplateDto>>('/token-templates', { params: { size: 100 } });
  }

  createTemplate(dto: CreateTokenTemplateDto): Observable<TokenTemplateDto> {
    return this.http.post<TokenTemplateDto>('/token-templates', dto);
  }

  /** Updates a template if it still has the given version. */
  updateTemplate(name: string, dto: UpdateTokenTemplateDto, version: number): Observable<TokenTemplateDto> {
    const headers = { 'If-Match': `"${version}"` };
    return this.http.patch<TokenTemplateDto>(`/token-templates/${name}`, dto, { headers });
  }

  deleteTemplate({ name, version }: TokenTemplateDto): Observable<void> {
    return this.http.delete<void>(`/token-templates/${name}`, { headers: { 'If-Match': `"${version}"` } });
  }
}
