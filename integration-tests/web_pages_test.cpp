// What the gateway serves beside the API: the console, or an app's own folder.

#include "integration-tests/support/scenario.hpp"

#include <lakegate/testing/temporary_folder.hpp>

#include <filesystem>

#include <sys/stat.h>

namespace lakegate::integration {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

namespace {

Request Page(std::string target) {
  return Get(std::move(target))
      .WithHeader("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
      .BesidesTheApi();
}

Request File(std::string target) {
  return Get(std::move(target)).BesidesTheApi();
}

Request FileUnless(std::string target, const std::string& etag) {
  return File(std::move(target)).WithHeader("If-None-Match", etag);
}

constexpr auto what_our_pages_may =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

} // namespace

class Console : public Scenario {};

TEST_F(Console, IsServedWithoutATokenAndForbidsItselfEverythingElse) {
  EXPECT_CALL(Workspace().identity, get_current_user(testing::_)).Times(0);

  auto page = When(Page("/"));
  auto head = When(Head("/").BesidesTheApi());
  auto script = When(File("/lakegate-web/app.js"));
  auto style = When(File("/lakegate-web/style.css"));

  EXPECT_THAT(page,
              AllOf(HasStatus(200), HasHeader("Content-Type", "text/html; charset=utf-8"),
                    HasHeader("Content-Security-Policy", what_our_pages_may),
                    HasHeader("Referrer-Policy", "no-referrer"),
                    HasHeader("X-Content-Type-Options", "nosniff"),
                    HasHeader("Cache-Control", "no-cache")));
  EXPECT_THAT(page.body, HasSubstr("<title>Lakegate</title>"));
  EXPECT_THAT(head, AllOf(HasStatus(200),
                          HasHeader("Content-Length", std::to_string(page.body.size())),
                          HasHeader("ETag", page.header("ETag"))));
  EXPECT_EQ(head.body, "");
  EXPECT_THAT(script, AllOf(HasStatus(200),
                            HasHeader("Content-Type", "text/javascript; charset=utf-8")));
  EXPECT_THAT(
      style, AllOf(HasStatus(200), HasHeader("Content-Type", "text/css; charset=utf-8")));
}

TEST_F(Console, IsNotSentAgainToABrowserThatHasIt) {
  auto etag = When(Page("/")).header("ETag");
  ASSERT_THAT(etag, testing::MatchesRegex("\"[0-9a-f]{32}\""));
  struct row {
    std::string if_none_match;
    int status;
  };

  for (const auto& [tags, status] : std::vector<row>{{etag, 304},
                                                     {"W/" + etag, 304},
                                                     {"*", 304},
                                                     {"  * \t", 304},
                                                     {"\"other\", " + etag, 304},
                                                     {"\"other\" ,\t" + etag + " ", 304},
                                                     {"\"other\"", 200},
                                                     {etag.substr(1), 200},
                                                     {etag.substr(0, 5), 200},
                                                     {"W/", 200},
                                                     {"W/\"", 200},
                                                     {"\"other\" " + etag, 200},
                                                     {"\"other\",", 200},
                                                     {"," + etag, 200},
                                                     {",", 200}}) {
    auto response = When(FileUnless("/", tags));
    EXPECT_THAT(response, AllOf(HasStatus(status), HasHeader("ETag", etag))) << tags;
    EXPECT_EQ(response.body.empty(), status == 304) << tags;
  }
}

TEST_F(Console, IsOnlyToBeRead) {
  auto post = When(Post("/").WithBody("{}").BesidesTheApi());
  auto nowhere = When(Post("/nope").WithBody("{}").BesidesTheApi());
  auto options = When(integration::Options("/lakegate-web/app.js"));

  EXPECT_THAT(post, AllOf(IsProblem(errc::method_not_allowed),
                          HasHeader("Allow", "GET, HEAD, OPTIONS")));
  EXPECT_THAT(nowhere, IsProblem(errc::not_found));
  EXPECT_THAT(options, AllOf(HasStatus(204), HasHeader("Allow", "GET, HEAD, OPTIONS")));
  for (auto path : {"/nope", "/api", "/api/nope", "/index.html", "/lakegate-web",
                    "/lakegate-web/", "/lakegate-web/nope.js", "/lakegate-web/../app.js",
                    "/lakegate-web%2Fapp.js", "//lakegate-web/app.js"})
    EXPECT_THAT(When(Page(path)), IsProblem(errc::not_found)) << path;
}

class OwnApp : public Scenario {
protected:
  world_options Options() const override {
    folder_.with("index.html", "<p>mine").with("docs", "not ours").with("real.txt", "r");
    folder_.with("empty.txt", "");
    folder_.with("assets/a b.JS", "1").with(".env", "s3cret").with(".git/config", "s");
    folder_.with("api/health", "fake").with("lakegate-web/app.js", "not ours");
    outside_.with("secret.txt", "s3cret");
    fs::create_symlink(outside_.path() / "secret.txt", folder_.path() / "link.txt");
    fs::create_symlink("nowhere", folder_.path() / "dangling.txt");
    fs::create_directory_symlink(outside_.path(), folder_.path() / "folder");
    fs::create_symlink(folder_.path() / "real.txt", folder_.path() / "inside.txt");
    if (::mkfifo((folder_.path() / "pipe").c_str(), 0600) != 0)
      throw std::runtime_error{"can't make a pipe"};
    for (const auto& [name, type] : types_)
      folder_.with("types/" + name, name);
    return {.settings = {{"LAKEGATE_STATIC_DIR", folder_.path().string()}}};
  }

  test::temporary_folder folder_;
  test::temporary_folder outside_;
  const std::vector<std::pair<std::string, std::string>> types_{
      {"a.html", "text/html; charset=utf-8"},
      {"a.js", "text/javascript; charset=utf-8"},
      {"a.mjs", "text/javascript; charset=utf-8"},
      {"a.css", "text/css; charset=utf-8"},
      {"a.json", "application/json"},
      {"a.js.map", "application/json"},
      {"a.webmanifest", "application/manifest+json"},
      {"a.wasm", "application/wasm"},
      {"a.txt", "text/plain; charset=utf-8"},
      {"a.xml", "text/xml; charset=utf-8"},
      {"a.svg", "image/svg+xml"},
      {"a.PNG", "image/png"},
      {"a.jpg", "image/jpeg"},
      {"a.jpeg", "image/jpeg"},
      {"a.gif", "image/gif"},
      {"a.webp", "image/webp"},
      {"a.avif", "image/avif"},
      {"a.ico", "image/x-icon"},
      {"a.woff", "font/woff"},
      {"a.woff2", "font/woff2"},
      {"a.ttf", "font/ttf"},
      {"a.pdf", "application/pdf"},
      {"a.unheard-of", "application/octet-stream"},
      {"LICENSE", "application/octet-stream"}};
};

TEST_F(OwnApp, TakesTheConsolesPlaceButNotThatOfApiAndDocs) {
  auto root = When(Page("/"));

  EXPECT_EQ(root.body, "<p>mine");
  EXPECT_THAT(root,
              AllOf(HasStatus(200), HasHeader("Content-Type", "text/html; charset=utf-8"),
                    HasHeader("X-Content-Type-Options", "nosniff")));
  EXPECT_FALSE(root.has_header("Content-Security-Policy"));
  EXPECT_EQ(When(File("/index.html")).body, "<p>mine");
  EXPECT_THAT(When(Get("/docs")).body, HasSubstr("Lakegate"));
  EXPECT_THAT(When(Get("/api/health")).body, HasSubstr("healthy"));
  EXPECT_THAT(When(File("/lakegate-web/app.js")),
              HasHeader("Content-Security-Policy", what_our_pages_may));
  EXPECT_THAT(When(File("/real.txt")), AllOf(HasStatus(200), HasHeader("Vary", "")));
}

TEST_F(OwnApp, HasATypeForEachOfItsFiles) {
  for (const auto& [name, type] : types_) {
    auto file = When(File("/types/" + name));
    EXPECT_THAT(file, AllOf(HasStatus(200), HasHeader("Content-Type", type))) << name;
    EXPECT_EQ(file.body, name);
  }
  auto empty = When(File("/empty.txt"));
  EXPECT_THAT(empty, AllOf(HasStatus(200), HasHeader("Content-Length", "0")));
  auto escaped = When(File("/assets/a%20b.JS"));
  EXPECT_THAT(escaped, HasHeader("Content-Type", "text/javascript; charset=utf-8"));
  EXPECT_EQ(escaped.body, "1");
}

TEST_F(OwnApp, ShowsItsIndexForPagesThatOnlyItKnows) {
  auto deep = When(Page("/orders/7?tab=2"));
  auto again = When(Page("/orders/7").WithHeader("If-None-Match", deep.header("ETag")));
  auto head = When(Head("/orders/7").WithHeader("Accept", "text/html").BesidesTheApi());

  EXPECT_THAT(deep, AllOf(HasStatus(200), HasHeader("Vary", "Accept")));
  EXPECT_EQ(deep.body, "<p>mine");
  EXPECT_THAT(again, AllOf(HasStatus(304), HasHeader("Vary", "Accept")));
  EXPECT_THAT(head, AllOf(HasStatus(200), HasHeader("Content-Length", "7")));
  EXPECT_THAT(When(File("/orders/7")), IsProblem(errc::not_found));
  EXPECT_THAT(When(File("/orders/7").WithHeader("Accept", "application/json")),
              IsProblem(errc::not_found));
  EXPECT_THAT(When(Page("/api/orders")), IsProblem(errc::not_found));
  EXPECT_THAT(When(Page("/api")), IsProblem(errc::not_found));
}

TEST_F(OwnApp, LeadsNowhereElse) {
  EXPECT_EQ(When(File("/inside.txt")).body, "r");
  for (auto path :
       {"/.env", "/%2eenv", "/.git/config", "/link.txt", "/dangling.txt",
        "/folder/secret.txt", "/folder", "/assets", "/pipe", "/../secret.txt",
        "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets%2Fa%20b.JS", "/./real.txt",
        "/api/real.txt", "/real.txt/", "//real.txt", "/REAL.TXT"})
    EXPECT_THAT(When(File(path)), IsProblem(errc::not_found)) << path;
}

} // namespace lakegate::integration
