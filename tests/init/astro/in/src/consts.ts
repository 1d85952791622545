// Place any global data in this file.

export const SITE_TITLE = 'Astro Blog';
export const SITE_DESCRIPTION: string = 'Welcome to my website!';
