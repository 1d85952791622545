export const SITE: Site = {
  website: "https://astro.test/", // replace this with your deployed domain
  author: "Jane",
  desc: "A theme",
  title: "Paper",
  lang: "en",
  timezone: "Asia/Bangkok",
} as const;
