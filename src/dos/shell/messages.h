// What the shell says, as DOS words it. [DOS UG]
#pragma once

#include <string_view>

namespace dyn86::dos::shell::message {

inline constexpr std::string_view bad_command = "Bad command or file name\r\n",
                                  batch_file_missing = "Batch file missing\r\n",
                                  label_not_found = "Label not found\r\n", syntax_error = "Syntax error\r\n",
                                  for_nested = "FOR cannot be nested\r\n", out_of_memory = "Out of memory\r\n",
                                  out_of_environment = "Out of environment space\r\n",
                                  program_too_big = "Program too big to fit in memory\r\n",
                                  cannot_execute = "Cannot execute program\r\n", error_in_exe = "Error in EXE file\r\n",
                                  line_too_long = "Command line too long\r\n",
                                  terminate_batch = "\r\nTerminate batch job (Y/N)?",
                                  press_any_key = "Press any key to continue . . .",
                                  file_not_found = "File not found\r\n", path_not_found = "Path not found\r\n",
                                  access_denied = "Access denied\r\n", file_creation_error = "File creation error\r\n",
                                  invalid_drive = "Invalid drive specification\r\n",
                                  invalid_directory = "Invalid directory\r\n", invalid_device = "Invalid device\r\n",
                                  cannot_make_directory = "Unable to create directory\r\n",
                                  directory_exists = "Directory already exists\r\n",
                                  cannot_remove_directory =
                                      "Invalid path, not directory,\r\nor directory not empty\r\n",
                                  duplicate_or_missing = "Duplicate file name or file not found\r\n",
                                  invalid_path_or_name = "Invalid path or file name\r\n",
                                  parameter_missing = "Required parameter missing\r\n",
                                  all_files_deleted = "All files in directory will be deleted!\r\nAre you sure (Y/N)?",
                                  onto_itself = "File cannot be copied onto itself\r\n",
                                  content_lost = "Content of destination lost before copy\r\n",
                                  disk_full = "Insufficient disk space\r\n", write_error = "Write fault error\r\n",
                                  read_error = "Read fault error\r\n", invalid_date = "Invalid date\r\n",
                                  invalid_time = "Invalid time\r\n", on_or_off = "Must specify ON or OFF\r\n";

}  // namespace dyn86::dos::shell::message
