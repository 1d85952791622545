import { feedPlugin } from "@11ty/eleventy-plugin-rss";

/** @param {import("@11ty/eleventy").UserConfig} eleventyConfig */
export default async function(eleventyConfig) {
	// Drafts, see also _data/eleventyDataSchema.js
	eleventyConfig.addPreprocessor("drafts", "*", (data) => {
		if (data.draft) { return false; }
	});
	eleventyConfig.addWatchTarget("css/**/*.css");
	eleventyConfig.addPlugin(feedPlugin, {
		type: "atom", // or "rss", "json"
		outputPath: "/feed/feed.xml",
		stylesheet: "pretty-atom-feed.xsl",
		collection: { name: "posts", limit: 10 },
		metadata: {
			language: "en",
			title: "Blog Title",
			base: "https://example.com/",
			author: { name: "Your Name" }
		}
	});
};

export const config = {
	templateFormats: ["md", "njk", "html"],
	dir: {
		input: "content",          // default: "."
		includes: "../_includes",
		output: "_site"
	},
};
