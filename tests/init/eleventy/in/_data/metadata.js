export default {
	title: "Eleventy Base Blog",
	url: "https://eleventy.test/",
	language: "en",
	description: "I am writing about my experiences.",
	author: {
		name: "Jane",
		email: "youremailaddress@example.com",
	}
}
