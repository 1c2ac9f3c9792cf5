/**
 * Stands in rendered mails where the link belongs that switches them off: that link is a credential of the reader, and
 * what is rendered is kept. The name can be nobody's (RFC 2606 section 2).
 */
export const unsubscribeLinkMarker = 'https://unsubscribe.invalid/';
